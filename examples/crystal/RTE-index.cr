values = [1, 2, 3]
puts values[gets.not_nil!.split[0].to_i]
