#include <stdio.h>
#include <string.h>

/* Right, but after "higher" the guess stays in the buffer: another deadlock. */
int main(void) {
    static char buffer[65536];
    char reply[16] = "";
    int low = 1, high = 1000, first = 1;
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    for (;;) {
        int guess = (low + high) / 2;
        printf("%d\n", guess);
        if (first || guess < 500) fflush(stdout);
        first = 0;
        if (scanf("%15s", reply) != 1 || strcmp(reply, "correct") == 0) return 0;
        if (strcmp(reply, "lower") == 0) high = guess - 1;
        else low = guess + 1;
    }
}
