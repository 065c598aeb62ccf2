# Filled, because only memory that is touched is memory in use.
printf -v block '%*s' 1048576 x
for ((i = 0; i < 2048; i++)); do
    blocks[i]=$block
done
echo "${#blocks[@]}"
