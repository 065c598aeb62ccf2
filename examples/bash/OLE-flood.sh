printf -v line '%01023d' 7
while :; do
    echo "$line"
done
