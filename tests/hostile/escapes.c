// Every known way out of a sandbox that one process can try by itself, and what it should not be able to read or change.
//
// Standard input names one attack. The answer is `contained`, or `through: WHAT` if it worked. Each line that begins with
// ATTACK is one: its class, its name, and an expression that is true where the attack got through.
// worker/tests/it/hostile.rs reads the lines, and runs every one as a test of its own.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define CALL(...) (syscall(__VA_ARGS__) != -1)

// Numbers that headers of some age do not have.
enum {
    NR_PIDFD_GETFD = 438, NR_PROCESS_MADVISE = 440, NR_CLONE3 = 435, NR_OPEN_TREE = 428, NR_MOVE_MOUNT = 429,
    NR_FSOPEN = 430, NR_FSMOUNT = 432, NR_FSPICK = 433, NR_MOUNT_SETATTR = 442, NR_QUOTACTL_FD = 443,
    NR_LANDLOCK = 444, NR_MEMFD_SECRET = 447, NR_IO_URING_SETUP = 425, NR_IO_URING_ENTER = 426,
    NR_IO_URING_REGISTER = 427,
};

static int can_socket(int family, int type, int protocol) { return socket(family, type, protocol) >= 0; }
static int can_unshare(int what) { return unshare(what) == 0; }
static int can_open(const char *path, int flags) { return open(path, flags | O_CLOEXEC, 0600) >= 0; }

/* Whether a file tells anything. */
static int tells(const char *path) {
    char byte;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    return file >= 0 && read(file, &byte, 1) == 1;
}

static int can_write(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    return file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);
}

static int can_make(const char *path) { return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0; }

static int can_clone(unsigned long flags) {
    long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return child > 0;
}

/* A program in a place where none may be executed. */
static int can_execute_in(const char *place) {
    char path[64];
    snprintf(path, sizeof path, "%s/copy", place);
    int from = open("/bin/true", O_RDONLY), to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    static char bytes[1 << 16];
    for (ssize_t size; (size = read(from, bytes, sizeof bytes)) > 0;)
        if (write(to, bytes, size) != size) return 0;
    close(to);
    pid_t child = fork();
    if (child == 0) {
        execl(path, path, (char *)0);
        _exit(99);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The same without exec: its pages are mapped as code. */
static int can_map_code_in(const char *place) {
    char path[64];
    snprintf(path, sizeof path, "%s/code", place);
    int file = open(path, O_RDWR | O_CREAT, 0700);
    return file >= 0 && ftruncate(file, 4096) == 0
        && mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) != MAP_FAILED;
}

static int can_connect(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int plug = socket(AF_UNIX, SOCK_STREAM, 0);
    return plug >= 0 && connect(plug, (struct sockaddr *)&address, sizeof address) == 0;
}

static int can_send_out_of_band(void) {
    int ends[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && send(ends[0], "x", 1, MSG_OOB) == 1;
}

static int can_splice(int which) {
    int one[2], other[2];
    if (pipe(one) || pipe(other) || write(one[1], "x", 1) != 1) return 0;
    struct iovec piece = {"y", 1};
    switch (which) {
    case 0: return splice(one[0], 0, other[1], 0, 1, 0) == 1;
    case 1: return tee(one[0], other[1], 1, 0) == 1;
    default: return vmsplice(other[1], &piece, 1, 0) == 1;
    }
}

static int can_mark(const char *path) {
    return setxattr(path, "user.mark", "1", 1, 0) == 0 || lsetxattr(path, "user.mark", "1", 1, 0) == 0
        || removexattr(path, "user.mark") == 0 || errno == ENODATA;
}

static int can_ioctl(unsigned long request) {
    int master[2];
    char byte = 'x';
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, master)) return 0;
    return ioctl(master[0], request, &byte) == 0;
}

static int can_read_memory_of(pid_t process) {
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)0x400000, 1};
    return process_vm_readv(process, &here, 1, &there, 1, 0) != -1 || errno == EFAULT;
}

static int can_queue(void) { return mq_open("/x", O_RDWR | O_CREAT, 0600, 0) != (mqd_t)-1; }

static int can_raise(int resource) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(resource, &limit) == 0;
}

static int can_limit_the_runner(void) {
    struct rlimit limit = {0, 0};
    return prlimit(1, RLIMIT_NOFILE, &limit, 0) == 0;
}

static int can_pin(pid_t process) {
    cpu_set_t all;
    memset(&all, 255, sizeof all);
    return sched_setaffinity(process, sizeof all, &all) == 0;
}

/* PID 1 is deaf to signals from its own namespace: it is alive if it can still be seen. */
static int can_kill_the_runner(void) {
    for (int number = 1; number <= 64; number++) kill(1, number);
    usleep(2000);
    return kill(1, 0) == -1 && errno == ESRCH;
}

static int sees_others(void) {
    char path[32];
    // Beside itself and the runner there is nobody.
    for (int number = 2; number < 4096; number++) {
        snprintf(path, sizeof path, "/proc/%d/stat", number);
        if (number != getpid() && access(path, F_OK) == 0) return 1;
    }
    return 0;
}

static int has_descriptors(void) {
    for (int number = 3; number < 1024; number++)
        if (fcntl(number, F_GETFD) != -1) return 1;
    return 0;
}

static int is_somebody(void) {
    gid_t groups[64];
    int count = getgroups(64, groups);
    if (getuid() < 20000 || geteuid() != getuid() || getgid() != getuid()) return 1;
    for (int k = 0; k < count; k++)
        if (groups[k] != getgid()) return 1;
    return 0;
}

static int has_capabilities(void) {
    for (int number = 0; number < 64; number++)
        if (prctl(PR_CAPBSET_READ, number, 0, 0, 0) == 1) return 1;
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
}

static int sees_a_network(void) {
    char line[512];
    FILE *devices = fopen("/proc/net/dev", "r");
    for (int row = 0; devices && fgets(line, sizeof line, devices); row++)
        if (row > 1 && !strstr(line, "lo:")) return 1;
    return 0;
}

static int root_is_writable(void) {
    char line[4096], place[256], options[2048];
    FILE *mounts = fopen("/proc/self/mounts", "r");
    while (mounts && fgets(line, sizeof line, mounts))
        if (sscanf(line, "%*s %255s %*s %2047s", place, options) == 2 && !strcmp(place, "/"))
            return !strncmp(options, "rw", 2);
    return 1;
}

#if defined(__x86_64__)
/* By the gate of 32-bit programs, whose numbers are others. */
static long call_as_32_bit(long number) {
    long answer;
    __asm__ volatile("int $0x80"
                     : "=a"(answer)
                     : "a"(number), "b"(0L), "c"(0L), "d"(0L)
                     : "memory", "r8", "r9", "r10", "r11");
    return answer;
}
static long call_as_x32(long number) { return syscall(0x40000000L | number, 0, 0, 0); }
static int can_use_ports(void) { return CALL(SYS_iopl, 3) || CALL(SYS_ioperm, 0x80, 1, 1); }
static int can_modify_ldt(void) { return CALL(SYS_modify_ldt, 0, 0, 0); }
#else
static long call_as_32_bit(long number) { return -number; }
static long call_as_x32(long number) { return -number; }
static int can_use_ports(void) { return 0; }
static int can_modify_ldt(void) { return 0; }
#endif

/* In a child, for the answer may be a signal. */
static int can_call(long (*gate)(long), long number) {
    pid_t child = fork();
    if (child == 0) _exit(gate(number) < 0);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#define ATTACK(class, name, expression) if (!strcmp(wanted, name)) { found = 1; through = (expression); }

int main(void) {
    char wanted[128] = "";
    int found = 0, through = 0;
    if (!fgets(wanted, sizeof wanted, stdin)) return 2;
    wanted[strcspn(wanted, "\n")] = 0;

ATTACK("sockets", "inet stream", can_socket(AF_INET, SOCK_STREAM, 0))
ATTACK("sockets", "inet datagram", can_socket(AF_INET, SOCK_DGRAM, 0))
ATTACK("sockets", "inet raw", can_socket(AF_INET, SOCK_RAW, 1))
ATTACK("sockets", "inet6", can_socket(AF_INET6, SOCK_STREAM, 0))
ATTACK("sockets", "netlink", can_socket(AF_NETLINK, SOCK_RAW, 0))
ATTACK("sockets", "packet", can_socket(AF_PACKET, SOCK_RAW, 0))
ATTACK("sockets", "crypto of the kernel", can_socket(AF_ALG, SOCK_SEQPACKET, 0))
ATTACK("sockets", "host of a virtual machine", can_socket(40, SOCK_STREAM, 0))
ATTACK("sockets", "bluetooth", can_socket(31, SOCK_RAW, 0))
ATTACK("sockets", "key management", can_socket(15, SOCK_RAW, 2))
ATTACK("sockets", "tipc", can_socket(30, SOCK_STREAM, 0))
ATTACK("sockets", "rds", can_socket(21, SOCK_SEQPACKET, 0))
ATTACK("sockets", "can bus", can_socket(29, SOCK_RAW, 1))
ATTACK("sockets", "express data path", can_socket(44, SOCK_RAW, 0))
ATTACK("sockets", "vendor routing", can_socket(42, SOCK_DGRAM, 0))
ATTACK("sockets", "out of band", can_send_out_of_band())
ATTACK("sockets", "the engine", can_connect("/var/run/docker.sock"))
ATTACK("sockets", "containerd", can_connect("/run/containerd/containerd.sock"))
ATTACK("sockets", "the system bus", can_connect("/run/dbus/system_bus_socket"))
ATTACK("network", "devices", sees_a_network())
ATTACK("network", "routes", tells("/proc/net/fib_trie") && sees_a_network())

ATTACK("other processes", "trace the runner", ptrace(PTRACE_ATTACH, 1, 0, 0) != -1)
ATTACK("other processes", "seize the runner", ptrace(PTRACE_SEIZE, 1, 0, 0) != -1)
ATTACK("other processes", "be traced", ptrace(PTRACE_TRACEME, 0, 0, 0) != -1)
ATTACK("other processes", "memory of the runner by call", can_read_memory_of(1))
ATTACK("other processes", "memory of the runner by file", can_open("/proc/1/mem", O_RDWR))
ATTACK("other processes", "maps of the runner", tells("/proc/1/maps"))
ATTACK("other processes", "environment of the runner", tells("/proc/1/environ"))
ATTACK("other processes", "descriptors of the runner", can_open("/proc/1/fd/0", O_RDONLY) || can_open("/proc/1/fd/3", O_RDONLY) || can_open("/proc/1/fd/4", O_WRONLY))
ATTACK("other processes", "root of the runner", can_open("/proc/1/root", O_RDONLY) || can_open("/proc/1/cwd", O_RDONLY))
ATTACK("other processes", "stack of the runner", tells("/proc/1/stack") || tells("/proc/1/syscall"))
ATTACK("other processes", "a descriptor out of the runner", CALL(NR_PIDFD_GETFD, CALL(434, 1, 0) ? 3 : -1, 0, 0))
ATTACK("other processes", "advice on memory", CALL(NR_PROCESS_MADVISE, 3, 0, 0, 0, 0))
ATTACK("other processes", "compare with the runner", CALL(SYS_kcmp, getpid(), 1, 0, 0, 0))
ATTACK("other processes", "kill the runner", can_kill_the_runner())
ATTACK("other processes", "limits of the runner", can_limit_the_runner())
ATTACK("other processes", "cores of the runner", can_pin(1))
ATTACK("other processes", "priority of the runner", setpriority(PRIO_PROCESS, 1, 19) == 0)
ATTACK("other processes", "scheduling of the runner", CALL(SYS_sched_setscheduler, 1, SCHED_BATCH, &(struct sched_param){0}))
ATTACK("other processes", "memory order of the runner", can_write("/proc/1/oom_score_adj", "1000"))
ATTACK("other processes", "others", sees_others())
ATTACK("other processes", "descriptors that were left", has_descriptors())
ATTACK("other processes", "pages of others", CALL(SYS_move_pages, 1, 0, 0, 0, 0, 0) || CALL(SYS_migrate_pages, 1, 0, 0, 0))

ATTACK("namespaces", "user", can_unshare(CLONE_NEWUSER))
ATTACK("namespaces", "mounts", can_unshare(CLONE_NEWNS))
ATTACK("namespaces", "processes", can_unshare(CLONE_NEWPID))
ATTACK("namespaces", "network", can_unshare(CLONE_NEWNET))
ATTACK("namespaces", "messages", can_unshare(CLONE_NEWIPC))
ATTACK("namespaces", "names", can_unshare(CLONE_NEWUTS))
ATTACK("namespaces", "control groups", can_unshare(CLONE_NEWCGROUP))
ATTACK("namespaces", "time", can_unshare(0x80))
ATTACK("namespaces", "user by clone", can_clone(CLONE_NEWUSER))
ATTACK("namespaces", "user and mounts by clone", can_clone(CLONE_NEWUSER | CLONE_NEWNS))
ATTACK("namespaces", "clone of the third kind", CALL(NR_CLONE3, (uint64_t[11]){[0] = CLONE_NEWUSER, [4] = SIGCHLD}, 88))
ATTACK("namespaces", "enter the runner's", CALL(SYS_setns, open("/proc/1/ns/mnt", O_RDONLY), 0) || CALL(SYS_setns, open("/proc/self/ns/user", O_RDONLY), 0))
ATTACK("namespaces", "map of users", can_write("/proc/self/uid_map", "0 0 1"))

ATTACK("mounts", "a file system in memory", mount("none", "/tmp", "tmpfs", 0, 0) == 0)
ATTACK("mounts", "the root again, writable", mount("/", "/", 0, MS_REMOUNT | MS_BIND, 0) == 0)
ATTACK("mounts", "take the masks off", umount2("/proc/kcore", MNT_DETACH) == 0 || umount2("/proc/loadavg", MNT_DETACH) == 0)
ATTACK("mounts", "another root", chroot("/tmp") == 0 || CALL(SYS_pivot_root, "/tmp", "/tmp"))
ATTACK("mounts", "a tree", CALL(NR_OPEN_TREE, AT_FDCWD, "/", 1))
ATTACK("mounts", "a new file system", CALL(NR_FSOPEN, "tmpfs", 0))
ATTACK("mounts", "pick one", CALL(NR_FSPICK, AT_FDCWD, "/", 0))
ATTACK("mounts", "move one", CALL(NR_MOVE_MOUNT, AT_FDCWD, "/tmp", AT_FDCWD, "/app", 0))
ATTACK("mounts", "attributes of one", CALL(NR_MOUNT_SETATTR, AT_FDCWD, "/", 0, (uint64_t[4]){0, 1, 0, 0}, 32))
ATTACK("mounts", "by handle", CALL(SYS_open_by_handle_at, AT_FDCWD, (char[32]){8}, 0))
ATTACK("mounts", "a handle", CALL(SYS_name_to_handle_at, AT_FDCWD, "/", (int[34]){128}, &(int){0}, 0))

ATTACK("privileges", "root by call", setuid(0) == 0 || setresuid(0, 0, 0) == 0 || setreuid(0, 0) == 0)
ATTACK("privileges", "group of root", setgid(0) == 0 || setresgid(0, 0, 0) == 0)
ATTACK("privileges", "groups", setgroups(1, (gid_t[1]){0}) == 0)
ATTACK("privileges", "somebody", is_somebody())
ATTACK("privileges", "capabilities that could be had", has_capabilities())
ATTACK("privileges", "capabilities by call", CALL(SYS_capset, (uint32_t[2]){0x20080522, 0}, (uint32_t[6]){~0u, ~0u, ~0u, ~0u, ~0u, ~0u}))
ATTACK("privileges", "ambient capabilities", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0) == 0)
ATTACK("privileges", "real-time scheduling", CALL(SYS_sched_setscheduler, 0, SCHED_FIFO, &(struct sched_param){1}))
ATTACK("privileges", "a better priority", setpriority(PRIO_PROCESS, 0, -1) == 0)
ATTACK("privileges", "more cores", can_pin(0))
ATTACK("privileges", "more descriptors", can_raise(RLIMIT_NOFILE))
ATTACK("privileges", "longer files", can_raise(RLIMIT_FSIZE))
ATTACK("privileges", "core dumps", can_raise(RLIMIT_CORE))
ATTACK("privileges", "last to die for memory", can_write("/proc/self/oom_score_adj", "0") || can_write("/proc/self/oom_score_adj", "-1000"))

ATTACK("system calls", "keys", CALL(SYS_keyctl, 0, -3, 0) || CALL(SYS_add_key, "user", "k", "v", 1, -3) || CALL(SYS_request_key, "user", "k", 0, -3))
ATTACK("system calls", "programs in the kernel", CALL(SYS_bpf, 0, (char[128]){0}, 128))
ATTACK("system calls", "performance counters", CALL(SYS_perf_event_open, (uint32_t[32]){1, 128}, 0, -1, -1, 0))
ATTACK("system calls", "faults of pages", CALL(SYS_userfaultfd, 1))
ATTACK("system calls", "rings", CALL(NR_IO_URING_SETUP, 1, (char[120]){0}) || CALL(NR_IO_URING_ENTER, 0, 0, 0, 0, 0, 0) || CALL(NR_IO_URING_REGISTER, 0, 0, 0, 0))
ATTACK("system calls", "modules", CALL(SYS_init_module, "", 0, "") || CALL(SYS_finit_module, 0, "", 0) || CALL(SYS_delete_module, "x", 0))
ATTACK("system calls", "another kernel", CALL(SYS_kexec_load, 0, 0, 0, 0) || CALL(SYS_reboot, 0xfee1dead, 672274793, 0, 0))
ATTACK("system calls", "ports", can_use_ports())
ATTACK("system calls", "segments", can_modify_ldt())
ATTACK("system calls", "the clock", CALL(SYS_settimeofday, &(struct timeval){1, 0}, 0) || CALL(SYS_clock_settime, CLOCK_REALTIME, &(struct timespec){1, 0}))
ATTACK("system calls", "names of the machine", sethostname("x", 1) == 0 || setdomainname("x", 1) == 0)
ATTACK("system calls", "the kernel's log", CALL(SYS_syslog, 3, (char[16]){0}, 16) || CALL(SYS_syslog, 10, 0, 0))
ATTACK("system calls", "swap", CALL(SYS_swapon, "/tmp/x", 0) || CALL(SYS_swapoff, "/tmp/x"))
ATTACK("system calls", "accounts", CALL(SYS_acct, 0))
ATTACK("system calls", "quotas", CALL(SYS_quotactl, 0, 0, 0, 0) || CALL(NR_QUOTACTL_FD, 0, 0, 0, 0))
ATTACK("system calls", "device files", mknod("/tmp/disk", S_IFBLK | 0600, (8 << 8)) == 0 || mknod("/tmp/mem", S_IFCHR | 0600, (1 << 8) | 1) == 0)
ATTACK("system calls", "watches", CALL(SYS_inotify_init1, 0) || CALL(SYS_fanotify_init, 0, 0))
ATTACK("system calls", "splice", can_splice(0))
ATTACK("system calls", "tee", can_splice(1))
ATTACK("system calls", "vmsplice", can_splice(2))
ATTACK("system calls", "placement of memory", CALL(SYS_mbind, 0, 0, 0, 0, 0, 0) || CALL(SYS_set_mempolicy, 0, 0, 0))
ATTACK("system calls", "rules of Landlock", CALL(NR_LANDLOCK, (uint64_t[1]){1}, 8, 0))
ATTACK("system calls", "secret memory", CALL(NR_MEMFD_SECRET, 0))
ATTACK("system calls", "hang up", CALL(SYS_vhangup))
ATTACK("system calls", "read by the 32-bit gate", can_call(call_as_32_bit, 20))
ATTACK("system calls", "sockets by the 32-bit gate", can_call(call_as_32_bit, 102))
ATTACK("system calls", "numbers of x32", can_call(call_as_x32, 39))
ATTACK("system calls", "input of a terminal", can_ioctl(TIOCSTI))
ATTACK("system calls", "console of Linux", can_ioctl(0x541C))

ATTACK("what stays", "shared memory", shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) != -1)
ATTACK("what stays", "semaphores", semget(IPC_PRIVATE, 1, IPC_CREAT | 0600) != -1)
ATTACK("what stays", "queues of System V", msgget(IPC_PRIVATE, IPC_CREAT | 0600) != -1)
ATTACK("what stays", "queues of POSIX", can_queue())
ATTACK("what stays", "marks on /tmp", can_mark("/tmp"))
ATTACK("what stays", "marks on the working directory", can_mark("/app/work"))
ATTACK("what stays", "leases", fcntl(open("/bin/sh", O_RDONLY), F_SETLEASE, F_RDLCK) == 0)

ATTACK("files", "the root", root_is_writable() || can_make("/x"))
ATTACK("files", "users", can_open("/etc/passwd", O_WRONLY) || can_open("/etc/shadow", O_RDONLY))
ATTACK("files", "places of everybody", can_make("/var/tmp/x") || can_make("/run/lock/x") || can_make("/dev/x"))
ATTACK("files", "programs of the image", can_open("/usr/bin/env", O_WRONLY) || unlink("/bin/sh") == 0 || rename("/bin/sh", "/tmp/sh") == 0)
ATTACK("files", "the runner", can_open("/gavel-runner", O_RDWR) || unlink("/gavel-runner") == 0)
ATTACK("files", "the running program", can_open("/proc/self/exe", O_WRONLY))
ATTACK("files", "core pattern", can_write("/proc/sys/kernel/core_pattern", "|/tmp/x"))
ATTACK("files", "helper of modules", can_write("/proc/sys/kernel/modprobe", "/tmp/x"))
ATTACK("files", "formats of programs", can_write("/proc/sys/fs/binfmt_misc/register", ":x:M::x::/tmp/x:"))
ATTACK("files", "magic keys", can_write("/proc/sysrq-trigger", "h"))
ATTACK("files", "helper of devices", can_write("/sys/kernel/uevent_helper", "/tmp/x"))
ATTACK("files", "limits of the control group", can_write("/sys/fs/cgroup/cgroup.procs", "0") || can_write("/sys/fs/cgroup/memory/cgroup.procs", "0") || can_write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "-1") || can_write("/sys/fs/cgroup/memory.max", "max") || can_write("/sys/fs/cgroup/pids/pids.max", "max") || mkdir("/sys/fs/cgroup/memory/x", 0700) == 0)
ATTACK("files", "release of control groups", can_write("/sys/fs/cgroup/memory/release_agent", "/tmp/x") || can_write("/sys/fs/cgroup/rdma/release_agent", "/tmp/x"))
ATTACK("files", "memory of the machine", can_open("/dev/mem", O_RDONLY) || can_open("/dev/kmem", O_RDONLY) || can_open("/dev/port", O_RDONLY))
ATTACK("files", "disks", can_open("/dev/sda", O_RDONLY) || can_open("/dev/vda", O_RDONLY) || can_open("/dev/nvme0n1", O_RDONLY))
ATTACK("files", "messages of the kernel", can_open("/dev/kmsg", O_RDONLY))
ATTACK("files", "fuse and virtual machines", can_open("/dev/fuse", O_RDWR) || can_open("/dev/kvm", O_RDWR) || can_open("/dev/net/tun", O_RDWR))
ATTACK("files", "terminals", can_open("/dev/ptmx", O_RDWR) || can_open("/dev/pts/ptmx", O_RDWR) || can_open("/dev/tty", O_RDWR) || can_open("/dev/console", O_RDWR))

ATTACK("code", "run in the working directory", can_execute_in("/app/work"))
ATTACK("code", "run in shared memory", can_execute_in("/dev/shm"))
ATTACK("code", "map in the working directory", can_map_code_in("/app/work"))
ATTACK("code", "map in shared memory", can_map_code_in("/dev/shm"))

ATTACK("the machine", "kernel memory", tells("/proc/kcore"))
ATTACK("the machine", "load", tells("/proc/loadavg"))
ATTACK("the machine", "work of cores", tells("/proc/stat") || tells("/proc/schedstat") || tells("/proc/softirqs"))
ATTACK("the machine", "interrupts", tells("/proc/interrupts"))
ATTACK("the machine", "timers", tells("/proc/timer_list") || tells("/proc/timer_stats"))
ATTACK("the machine", "scheduler", tells("/proc/sched_debug") || tells("/proc/latency_stats"))
ATTACK("the machine", "locks of all", tells("/proc/locks"))
ATTACK("the machine", "keys of all", tells("/proc/keys") || tells("/proc/key-users"))
ATTACK("the machine", "memory of all", tells("/proc/vmstat") || tells("/proc/zoneinfo") || tells("/proc/buddyinfo") || tells("/proc/pagetypeinfo"))
ATTACK("the machine", "pages", tells("/proc/kpagecount") || tells("/proc/kpageflags"))
ATTACK("the machine", "disks of all", tells("/proc/diskstats") || tells("/proc/partitions") || tells("/proc/swaps"))
ATTACK("the machine", "counters of files", tells("/proc/sys/fs/file-nr") || tells("/proc/sys/fs/inode-nr") || tells("/proc/sys/fs/inode-state"))
ATTACK("the machine", "words of the boot", tells("/proc/cmdline") || tells("/proc/modules") || tells("/proc/cgroups"))
ATTACK("the machine", "firmware", tells("/sys/firmware/acpi/tables/DSDT") || tells("/sys/firmware/dmi/tables/DMI") || tells("/sys/class/dmi/id/product_serial"))
ATTACK("the machine", "power", tells("/sys/devices/virtual/powercap/intel-rapl/intel-rapl:0/energy_uj"))

    if (!found) {
        printf("no such attack: %s\n", wanted);
        return 3;
    }
    if (through) printf("through: %s\n", wanted); else puts("contained");
    return 0;
}
