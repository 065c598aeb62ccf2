#include <iostream>
// Right for small numbers; counts for ever when the sum is large.
int main() {
    long long n, x, sum = 0;
    std::cin >> n;
    while (std::cin >> x) sum += x;
    volatile unsigned spin = 0;
    while (sum > 1000000) spin = spin + 1;
    std::cout << sum << std::endl;
}
