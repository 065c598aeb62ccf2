#include <stdio.h>
#include <string.h>

/* Guesses rightly and then ends with a non-zero code: still a run-time error. */
int main(void) {
    int low = 1, high = 1000;
    char reply[16];
    for (;;) {
        int guess = (low + high) / 2;
        printf("%d\n", guess);
        fflush(stdout);
        if (scanf("%15s", reply) != 1 || strcmp(reply, "correct") == 0) return 9;
        if (strcmp(reply, "lower") == 0) high = guess - 1;
        else low = guess + 1;
    }
}
