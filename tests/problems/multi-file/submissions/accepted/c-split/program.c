#include "gcd.h"

#include <stdio.h>

int main(void) {
    long long a, b;
    if (scanf("%lld %lld", &a, &b) != 2) return 1;
    printf("%lld %lld\n", gcd(a, b), a / gcd(a, b) * b);
    return 0;
}
