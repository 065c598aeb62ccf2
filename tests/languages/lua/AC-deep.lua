local function down(n)
  if n == 0 then return 0 end
  return 1 + down(n - 1)
end
print(down(math.tointeger(io.read("*n"))))
