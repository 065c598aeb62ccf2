puts gets
puts "ầ😀"
