-- What a program in Lua can try, as escapes.c does for C: an error, or what is false, is `contained`. LuaJIT judges the same.
local wanted = io.read("*l")
local attempt

local function ATTACK(_, name, tried)
  if name == wanted then attempt = tried end
end

-- A status in Lua 5.1, a boolean since.
local function runs(command)
  local status = os.execute("(" .. command .. ") </dev/null >/dev/null 2>&1")
  return status == true or status == 0
end

local function unshares()
  local ffi = require("ffi")
  ffi.cdef("int unshare(int);")
  return ffi.C.unshare(0x20000) == 0
end

ATTACK("network", "tcp", function() return runs("bash -c 'exec 3<>/dev/tcp/93.184.215.14/80'") end)
ATTACK("network", "names", function() return io.popen("getent hosts example.com"):read(1) end)
ATTACK("other processes", "environment of the runner", function() return io.open("/proc/1/environ", "rb"):read(1) end)
ATTACK("privileges", "a setuid program", function() return runs("su -c true") end)
ATTACK("system calls", "by ffi", unshares)
ATTACK("files", "the root", function() return io.open("/x", "w") end)
ATTACK("files", "the root by another program", function() return runs("touch /x") end)
ATTACK("files", "names of the root", function() return os.rename("/etc/passwd", "/etc/users") end)
ATTACK("code", "run in the working directory", function() return runs("cp /bin/true /app/work/copy && chmod +x /app/work/copy && /app/work/copy") end)
ATTACK("code", "a library in the working directory", function() return runs("cp /lib/*/libm.so.6 /app/work/x.so") and package.loadlib("/app/work/x.so", "cos") end)
ATTACK("what is kept secret", "answers on the disk", function() return runs("find /app /tmp /dev/shm /home /root /var/tmp -name '*.ans' | grep .") end)

assert(attempt, "no such attack")
local ended, through = pcall(attempt)
print(ended and through and "through: " .. wanted or "contained")
