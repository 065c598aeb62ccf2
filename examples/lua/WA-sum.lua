-- Two words joined, not two numbers added.
local line = io.read("*l")
print((line:gsub("%s", "")))
