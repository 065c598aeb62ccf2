local blocks, kilobyte = {}, string.rep("x", 1024)
for i = 1, 2048 do
  -- Filled, because only memory that is touched is memory in use.
  blocks[i] = string.rep(kilobyte, 1024 + i)
end
print(#blocks)
