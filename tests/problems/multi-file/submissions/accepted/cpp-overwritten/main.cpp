#include "judgelib.h"

#include <iostream>

// Brings a wrong judgelib.h of its own: the package's file replaces it, and only then this is right.
int main() {
    long long a, b;
    std::cin >> a >> b;
    const long long g = judge_gcd(a, b);
    std::cout << g << " " << a / g * b << "\n";
}
