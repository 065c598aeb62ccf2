read -r a b
if [ "$a" -gt "$b" ]; then
    echo $((a + b))
