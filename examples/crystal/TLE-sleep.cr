sleep 60.seconds
puts 7
