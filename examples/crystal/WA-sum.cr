# Two words joined, not two numbers added.
puts gets.not_nil!.split.join
