#include "product.hpp"

#include <iostream>

int main() {
    long long a, b;
    std::cin >> a >> b;
    std::cout << 1 << " " << product(a, b) << "\n";
}
