# Two words joined, not two numbers added.
read -r a b
echo "$a$b"
