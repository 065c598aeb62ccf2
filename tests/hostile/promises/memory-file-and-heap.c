// EXPECT tests MLE
// LIMITS memory_mb=64
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main() {
    static char b[1 << 20];
    memset(b, 7, sizeof b);
    int f = memfd_create("x", 0);
    for (int k = 0; k < 60; k++) if (write(f, b, sizeof b) < 0) return 9;
    volatile char *m = mmap(0, 50 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (long i = 0; i < 50 << 20; i += 4096) m[i] = 1;
    puts("ok");
}
