#include "judgelib.h"

#include <iostream>

int main() {
    long long a, b;
    std::cin >> a >> b;
    const long long g = judge_gcd(a, b);
    std::cout << g << " " << a / g * b << "\n";
}
