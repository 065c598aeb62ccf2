turns = 0_i64
while turns >= 0
  turns = (turns + 1) % 1_000_003
end
puts turns
