*> What a program in COBOL can try, as escapes.c does for C: by a shell, and by functions of the C library. 0 is `through`.
identification division.
program-id. escapes.
environment division.
input-output section.
file-control.
    select root-file assign to "/x" organization line sequential file status root-status.
data division.
file section.
fd root-file.
01 root-line pic x(8).
working-storage section.
01 wanted pic x(64).
01 root-status pic xx.
01 shell-line pic x(256).
01 tried binary-long value 1.
procedure division.
    accept wanted
    evaluate wanted
*> ATTACK("network", "tcp")
    when "tcp" move "bash -c 'exec 3<>/dev/tcp/93.184.215.14/80'" to shell-line perform in-a-shell
*> ATTACK("network", "names")
    when "names" move "getent hosts example.com" to shell-line perform in-a-shell
*> ATTACK("other processes", "environment of the runner")
    when "environment of the runner" move "grep -q . /proc/1/environ" to shell-line perform in-a-shell
*> ATTACK("privileges", "root by call")
    when "root by call" call "setuid" using by value 0 returning tried
*> ATTACK("privileges", "a setuid program")
    when "a setuid program" move "su -c true" to shell-line perform in-a-shell
*> ATTACK("namespaces", "mounts")
    when "mounts" call "unshare" using by value 131072 returning tried
*> ATTACK("files", "the root")
    when "the root" open output root-file if root-status = "00" move 0 to tried end-if
*> ATTACK("files", "the root by another program")
    when "the root by another program" move "touch /x" to shell-line perform in-a-shell
*> ATTACK("files", "names of the root")
    when "names of the root" call "CBL_RENAME_FILE" using "/etc/passwd" "/etc/users" returning tried
*> ATTACK("code", "run in the working directory")
    when "run in the working directory" move "cp /bin/true /app/work/copy && chmod +x /app/work/copy && /app/work/copy" to shell-line perform in-a-shell
*> ATTACK("what is kept secret", "in the environment")
    when "in the environment" move "env | grep -iE '^[^=]*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER)'" to shell-line perform in-a-shell
    when other move 3 to return-code goback
    end-evaluate
    if tried = 0 display "through: " function trim(wanted) else display "contained" end-if
    move 0 to return-code
    goback.
in-a-shell.
    call "SYSTEM" using function concatenate("(" function trim(shell-line) ") </dev/null >/dev/null 2>&1") returning tried.
