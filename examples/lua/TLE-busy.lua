local turns = 0
while turns >= 0 do
  turns = (turns + 1) % 1000003
end
print(turns)
