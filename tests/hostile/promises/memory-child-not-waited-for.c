// EXPECT tests MLE
// LIMITS memory_mb=64
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main() {
    signal(SIGCHLD, SIG_IGN);
    int p[2];
    if (pipe(p)) return 9;
    if (!fork()) {
        volatile char *m = malloc(110 << 20);
        for (long i = 0; i < 110 << 20; i += 4096) m[i] = 1;
        if (write(p[1], "x", 1) < 0) return 8;
        pause();
    }
    char c;
    close(p[1]);
    if (read(p[0], &c, 1) < 0) return 7;
    puts("ok"); fflush(stdout);
    kill(-1, 9);
}
