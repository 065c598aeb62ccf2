// EXPECT tests MLE
// LIMITS memory_mb=64
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
// A process smaller than the runner, which would be taken in its place.
int main() {
    int f = open("/proc/self/oom_score_adj", O_WRONLY);
    if (write(f, "0", 1) == 1 || write(f, "-1000", 5) == 5) puts("lowered"), fflush(stdout);
    static char b[4096];
    for (int i = 0; i < 900; i++) {
        int m = memfd_create("x", 0);
        for (int k = 0; m >= 0 && k < 2048; k++) if (write(m, b, sizeof b) <= 0) break;
    }
    puts("ok");
}
