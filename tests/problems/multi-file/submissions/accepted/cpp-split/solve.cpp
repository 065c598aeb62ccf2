#include "arith.h"

#include <iostream>

int main() {
    long long a, b;
    std::cin >> a >> b;
    std::cout << gcd(a, b) << " " << lcm(a, b) << "\n";
}
