puts [gets stdin]
puts "ầ😀"
