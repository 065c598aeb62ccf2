-- Ten times a tenth: the stack of LuaJIT holds 65,500 values.
local function down(n)
  if n == 0 then return 0 end
  return 1 + down(n - 1)
end
local depth, sum = io.read("*n"), 0
for _ = 1, 10 do sum = sum + down(depth / 10) end
print(sum)
