<?php
// What a program in PHP can try, as escapes.c does for C: an exception, or what is false, is `contained`.
error_reporting(0);
$wanted = trim(fgets(STDIN));
$attempt = null;
function ATTACK($class, $name, $tried) { global $wanted, $attempt; if ($name === $wanted) $attempt = $tried; }
function runs($command) { exec("$command </dev/null 2>&1", $lines, $status); return $status === 0; }

ATTACK("network", "tcp", fn() => stream_socket_client("tcp://93.184.215.14:80", $code, $said, 1));
ATTACK("network", "names", fn() => gethostbyname("example.com") !== "example.com");
ATTACK("network", "listen", fn() => stream_socket_server("tcp://127.0.0.1:0"));
ATTACK("sockets", "the engine", fn() => stream_socket_client("unix:///var/run/docker.sock"));
ATTACK("other processes", "environment of the runner", fn() => file_get_contents("/proc/1/environ"));
ATTACK("privileges", "a setuid program", fn() => runs("su -c true"));
ATTACK("files", "the root", fn() => fopen("/x", "w"));
ATTACK("files", "settings of PHP", fn() => fopen("/etc/php/8.4/cli/php.ini", "a"));
ATTACK("files", "modes of the root", fn() => chmod("/etc/passwd", 0666));
ATTACK("code", "run in the working directory", fn() => copy("/bin/true", "/app/work/copy") && chmod("/app/work/copy", 0755) && runs("/app/work/copy"));
ATTACK("what is kept secret", "in the environment", fn() => preg_grep("/KEY|TOKEN|SECRET|PASS|AMQP|DOCKER/i", array_keys(getenv())));

if (!$attempt) exit(3);
try { $through = $attempt(); } catch (Throwable) { $through = false; }
echo $through ? "through: $wanted\n" : "contained\n";
