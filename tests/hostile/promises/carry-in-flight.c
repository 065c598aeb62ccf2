// EXPECT tests AC AC
#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>
static void give(int to, int *fds, int n) {
    char c = 'x', b[CMSG_SPACE(sizeof(int) * 8)] = {0};
    struct iovec v = {&c, 1};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = b, .msg_controllen = CMSG_SPACE(sizeof(int) * n)};
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    h->cmsg_level = SOL_SOCKET; h->cmsg_type = SCM_RIGHTS; h->cmsg_len = CMSG_LEN(sizeof(int) * n);
    memcpy(CMSG_DATA(h), fds, sizeof(int) * n);
    sendmsg(to, &m, 0);
}
int main() {
    int which;
    if (scanf("%d", &which) != 1) return 9;
    if (which == 1) {
        static char b[1 << 20];
        int f = open("/tmp/h", O_CREAT | O_RDWR, 0600);
        for (int i = 0; i < 30; i++) if (write(f, b, sizeof b) < 0) return 8;
        unlink("/tmp/h");
        int n = socket(AF_UNIX, SOCK_DGRAM, 0);
        struct sockaddr_un a = {AF_UNIX};
        memcpy(a.sun_path, "\0secret-of-test-1", 17);
        bind(n, (void *)&a, offsetof(struct sockaddr_un, sun_path) + 17);
        for (int i = 0; i < 100; i++) {
            int p[2];
            socketpair(AF_UNIX, SOCK_STREAM, 0, p);
            int fds[4] = {f, p[0], p[1], n};
            give(p[0], fds, 4);
        }
    } else {
        struct statvfs s;
        statvfs("/tmp", &s);
        if ((s.f_blocks - s.f_bfree) * s.f_bsize >> 20 >= 5) puts("bytes of the first test");
        char line[300];
        FILE *names = fopen("/proc/net/unix", "r");
        while (fgets(line, sizeof line, names)) if (strchr(line, '@')) fputs(line, stdout);
    }
    puts("ok");
}
