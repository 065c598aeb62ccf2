// EXPECT tests AC AC AC
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
int main() {
    int n, hits = 0;
    if (scanf("%d", &n) != 1) return 9;
    int fd = open("/usr/bin/perl", O_RDONLY);
    struct stat s;
    fstat(fd, &s);
    char b[4096];
    if (n == 1) posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    for (long o = 0; n == 2 && o < s.st_size; o += 4096) if (pread(fd, b, 4096, o) < 0) return 8;
    for (long o = 0; n == 3 && o < s.st_size; o += 4096) {
        struct iovec v = {b, 4096};
        hits += preadv2(fd, &v, 1, o, RWF_NOWAIT) > 0;
    }
    if (hits) printf("%d pages are in memory\n", hits);
    puts("ok");
}
