turns=0
while ((turns >= 0)); do
    ((turns += 1))
done
echo "$turns"
