#include <iostream>
// Never ends for ten numbers; right otherwise.
int main() {
    long long n, x, sum = 0;
    std::cin >> n;
    volatile bool forever = n == 10;
    while (forever) {
    }
    while (std::cin >> x) sum += x;
    std::cout << sum << "\n";
}
