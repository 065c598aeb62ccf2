#include <iostream>
int main() {
    std::ios::sync_with_stdio(false);
    long long n, x;
    std::cin >> n;
    while (n-- > 0 && std::cin >> x) std::cout << x + 1 << std::endl;
}
