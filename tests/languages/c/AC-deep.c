#include <stdio.h>

__attribute__((noinline)) long down(long n) {
    volatile long calls = n;
    return n == 0 ? 0 : 1 + down(calls - 1);
}

int main(void) {
    long depth;
    if (scanf("%ld", &depth) == 1) printf("%ld\n", down(depth));
    return 0;
}
