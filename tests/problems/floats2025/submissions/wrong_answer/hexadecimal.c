#include <stdio.h>

/* A hexadecimal float is not in the format's grammar. */
int main(void) {
    double x;
    if (scanf("%lf", &x) != 1) return 1;
    printf("%a\n", x / 3);
    return 0;
}
