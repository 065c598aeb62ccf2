# What a program in GNU Awk can try, as escapes.c does for C. What fails is told by ERRNO, and ends nothing.
function ATTACK(class, name) { return name == wanted && ++found }
function runs(command) { return system(command " </dev/null >/dev/null 2>&1") == 0 }
function tells(path, line) { return (getline line < path) > 0 }
function says(path) { ERRNO = ""; print "x" >> path; close(path); return ERRNO == "" }
function connects(service) { ERRNO = ""; print "x" |& service; return ERRNO == "" }
function has_secrets(name) { for (name in ENVIRON) if (toupper(name) ~ /KEY|TOKEN|SECRET|PASS|AMQP|DOCKER/) return 1; return 0 }

BEGIN {
  PROCINFO["NONFATAL"] = 1
  getline wanted < "/dev/stdin"
  through = 0
  if (ATTACK("network", "tcp")) through = connects("/inet/tcp/0/93.184.215.14/80")
  if (ATTACK("network", "names")) through = connects("/inet/udp/0/example.com/80")
  if (ATTACK("other processes", "environment of the runner")) through = tells("/proc/1/environ")
  if (ATTACK("privileges", "a setuid program")) through = runs("su -c true")
  if (ATTACK("files", "the root")) through = says("/x")
  if (ATTACK("files", "the root by another program")) through = runs("touch /x")
  if (ATTACK("files", "library of Awk")) through = says("/usr/share/awk/assert.awk")
  if (ATTACK("code", "run in the working directory")) through = runs("cp /bin/true /app/work/copy && chmod +x /app/work/copy && /app/work/copy")
  if (ATTACK("what is kept secret", "in the environment")) through = has_secrets()
  if (!found) exit 3
  print through ? "through: " wanted : "contained"
}
