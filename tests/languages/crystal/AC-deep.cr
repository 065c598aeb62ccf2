def down(n : Int32) : Int32
  n == 0 ? 0 : 1 + down(n - 1)
end

puts down(gets.not_nil!.to_i)
