#include <iostream>
// Wrong in one test of a sum group, which costs 12.5 points.
int main() {
    int n;
    std::cin >> n;
    if (n == 96) std::cout << "5\n";
    for (int d = 1; d <= n; d++) {
        if (n % d == 0) std::cout << d << "\n";
    }
}
