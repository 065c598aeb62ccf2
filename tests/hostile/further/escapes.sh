# What a program in Bash can try, as escapes.c does for C: a status that is not 0 is `contained`.
read -r wanted
attempt=
ATTACK() { if [[ $2 == "$wanted" ]]; then attempt=$3; fi; }
ATTACK "network" "tcp" 'exec 3<>/dev/tcp/93.184.215.14/80'
ATTACK "network" "names" 'getent hosts example.com'
ATTACK "other processes" "environment of the runner" 'cat /proc/1/environ'
ATTACK "privileges" "a setuid program" 'su -c true'
ATTACK "namespaces" "a child in its own" 'unshare --mount true'
ATTACK "mounts" "a file system in memory" 'mount -t tmpfs none /mnt'
ATTACK "files" "the root" ': >/x'
ATTACK "files" "what every Bash reads" ': >>/etc/bash.bashrc'
ATTACK "code" "run in the working directory" 'cp /bin/true /app/work/copy && chmod +x /app/work/copy && /app/work/copy'
ATTACK "what is kept secret" "in the environment" 'env | grep -iE "^[^=]*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER)"'
ATTACK "what is kept secret" "answers on the disk" 'find /app /tmp /dev/shm /home /root /var/tmp -name "*.ans" -o -name "*answer*" | grep .'
if [[ -z $attempt ]]; then exit 3; fi
if (eval "$attempt") </dev/null >/dev/null 2>&1; then echo "through: $wanted"; else echo contained; fi
