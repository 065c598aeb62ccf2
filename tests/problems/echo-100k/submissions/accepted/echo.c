#include <stdio.h>

int main(void) {
    long long n, x;
    if (scanf("%lld", &n) != 1) return 1;
    while (n-- > 0 && scanf("%lld", &x) == 1) {
        printf("%lld\n", x + 1);
        fflush(stdout);
    }
    return 0;
}
