#ifndef GCD_H
#define GCD_H
long long gcd(long long a, long long b);
#endif
