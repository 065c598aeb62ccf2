// EXPECT tests TLE TLE
// LIMITS cpu_ms=300 wall_ms=4000
#include <stdio.h>
#include <time.h>
int main() {
    struct timespec t;
    do {
        for (volatile int i = 0; i < 100000; i++);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    } while (t.tv_sec * 1000 + t.tv_nsec / 1000000 < 315);
    puts("ok");
}
