local line = string.rep("7", 1023)
while true do
  print(line)
end
