#include <stdio.h>
long one(long);
int main(void) {
    long n;
    if (scanf("%ld", &n) != 1) return 1;
    printf("%ld\n", one(n));
    return 0;
}
