#include <cstdio>
#include <iostream>
int main() {
    std::freopen("sum.in", "r", stdin);
    std::freopen("sum.out", "w", stdout);
    long long a, b;
    std::cin >> a >> b;
    std::cout << a + b << "\n";
}
