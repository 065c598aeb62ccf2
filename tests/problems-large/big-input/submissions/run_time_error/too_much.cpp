#include <cstdlib>
#include <iostream>
// Right for small inputs, crashes on more than a million numbers (after reading 13 MB of them).
int main() {
    std::ios::sync_with_stdio(false);
    long long n, x, sum = 0;
    std::cin >> n;
    for (long long i = 0; i < n && std::cin >> x; i++) {
        if (i == 1000000) std::abort();
        sum += x;
    }
    std::cout << sum << "\n";
}
