after 60000
puts 7
