#include <cstdlib>
#include <iostream>
// 20 + min(1, crash) * 30 + (1 + 1 + crash + crash) * 12.5
int main() {
    int n;
    std::cin >> n;
    if (n > 100) std::abort();
    for (int d = 1; d <= n; d++) {
        if (n % d == 0) std::cout << d << "\n";
    }
}
