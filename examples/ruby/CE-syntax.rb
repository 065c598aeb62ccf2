def add(a, b)
  (a + b
end

puts add(3, 4)
