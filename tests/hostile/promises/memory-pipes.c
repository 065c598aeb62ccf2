// EXPECT tests MLE
// LIMITS memory_mb=24
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main() {
    static char b[65536];
    for (int p[2]; !pipe2(p, O_NONBLOCK);) {
        fcntl(p[1], F_SETPIPE_SZ, 1 << 20);
        while (write(p[1], b, sizeof b) > 0);
    }
    usleep(200000);
    puts("ok");
}
