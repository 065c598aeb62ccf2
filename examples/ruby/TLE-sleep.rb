sleep 60
puts 7
