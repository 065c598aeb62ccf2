sleep 60
echo 7
