// EXPECT tests MLE
// LIMITS memory_mb=8
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main() {
    signal(SIGCHLD, SIG_IGN);
    if (!fork()) {
        volatile char *m = malloc(60 << 20);
        for (long i = 0; i < 60 << 20; i += 4096) m[i] = 1;
        _exit(0);
    }
    usleep(400000);
    puts("ok");
}
