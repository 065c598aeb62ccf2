def down(n) = n.zero? ? 0 : 1 + down(n - 1)
puts down(gets.to_i)
