#include "rules.h"

static const int primes[] = {
#include "primes.inc"
};

bool is_prime(long long n) {
    for (int p : primes) {
        if (n != p && n % p == 0) return false;
    }
    return n > 1;
}

bool is_proper_divisor(long long d, long long n) { return d > 1 && d < n && n % d == 0; }
