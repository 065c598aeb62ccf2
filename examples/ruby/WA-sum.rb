# Two words joined, not two numbers added.
puts gets.split.join
