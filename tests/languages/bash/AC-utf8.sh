read -r line
echo "$line"
echo 'ầ😀'
