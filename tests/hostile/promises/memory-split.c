// EXPECT tests MLE
// LIMITS memory_mb=64
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main() {
    int p[2];
    if (pipe(p)) return 9;
    for (int k = 0; k < 2; k++) if (!fork()) {
        volatile char *m = malloc(55 << 20);
        for (long i = 0; i < 55 << 20; i += 4096) m[i] = 1;
        if (write(p[1], "x", 1) < 0) return 8;
        pause();
    }
    char c;
    for (int k = 0; k < 2; k++) if (read(p[0], &c, 1) < 0) return 7;
    puts("ok");
}
