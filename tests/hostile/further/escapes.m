% What a program in Octave can try, as escapes.c does for C: an error, or what is not true, is `contained`.
1;
function ATTACK(class, name, tried)
  global wanted attempt
  if strcmp(name, wanted)
    attempt = tried;
  end
end

function done = runs(command)
  done = system(["(" command ") </dev/null >/dev/null 2>&1"]) == 0;
end

function done = appends(path)
  done = fopen(path, "a") >= 0;
end

global wanted attempt
wanted = strtrim(fgetl(stdin));
ATTACK("network", "tcp", @() runs("bash -c 'exec 3<>/dev/tcp/93.184.215.14/80'"));
ATTACK("network", "names", @() runs("getent hosts example.com"));
ATTACK("other processes", "environment of the runner", @() !isempty(fread(fopen("/proc/1/environ"), 1)));
ATTACK("privileges", "a setuid program", @() runs("su -c true"));
ATTACK("files", "the root", @() appends("/x"));
ATTACK("files", "the root by another program", @() runs("touch /x"));
ATTACK("files", "the root by its own words", @() mkdir("/y"));
ATTACK("files", "library of Octave", @() appends(which("strsplit")));
ATTACK("code", "run in the working directory", @() copyfile("/bin/true", "/app/work/copy") && runs("chmod +x /app/work/copy && /app/work/copy"));
ATTACK("what is kept secret", "in the environment", @() runs("env | grep -iE '^[^=]*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER)'"));
ATTACK("what is kept secret", "answers on the disk", @() runs("find /app /tmp /dev/shm /home /root /var/tmp -name '*.ans' | grep ."));
if isempty(attempt)
  exit(3);
end
through = false;
try
  through = attempt();
catch
end
if through
  printf("through: %s\n", wanted);
else
  printf("contained\n");
end
