#include <iostream>
// Right for small numbers; never ends when the sum is large.
int main() {
    long long n, x, sum = 0;
    std::cin >> n;
    while (std::cin >> x) sum += x;
    volatile bool forever = sum > 1000000;
    while (forever) {
    }
    std::cout << sum << std::endl;
}
