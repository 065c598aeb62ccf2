turns = 0
turns += 1 while turns >= 0
puts turns
