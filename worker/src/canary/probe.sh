# What a program sees and may do, each under a heading: `evidence.rs` reads it. Every image has these tools, for every
# image stands on images/base.
exec 2>&1
status() { grep -E '^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp):' "/proc/$1/status"; }
echo '== own'; status self
echo '== runner'; status 1
echo '== devices'; cat /proc/net/dev
echo '== mounts'; cat /proc/self/mounts
echo '== root'; (: >/gavel-probe)
echo '== socket'; bash -c 'exec 3<>/dev/tcp/127.0.0.1/9'
echo '== semaphore'; ipcmk -S 1
echo '== execute'
for place in /tmp /app/work /dev/shm; do
    cp /bin/true "$place/gavel-probe"
    "$place/gavel-probe" >/dev/null 2>&1
    echo "$place $?"
done
echo '== terminals'; ls -A /dev/pts | grep -vx ptmx; (: >/dev/ptmx)
echo '== masked'; cat /proc/loadavg /proc/stat /proc/vmstat /proc/locks /proc/keys | wc -c
echo '== end'
