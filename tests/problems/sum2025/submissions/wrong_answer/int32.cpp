#include <cstdint>
#include <iostream>
int main() {
    long long n, x;
    std::uint32_t sum = 0;
    std::cin >> n;
    while (std::cin >> x) sum += static_cast<std::uint32_t>(x);
    std::cout << static_cast<std::int32_t>(sum) << std::endl;
}
