#include <stdio.h>
#include <stdlib.h>

/* Ten megabytes of right output, and then a crash. */
int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 1;
    for (int i = 1; i <= n; i++) {
        printf("%d\n", i);
        if (i == 1300000) abort();
    }
    return 0;
}
