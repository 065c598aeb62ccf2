#include <cstdint>
#include <iostream>
// Wraps at 32 bits: right in data/secret/small, wrong in data/secret/large.
int main() {
    int n;
    std::cin >> n;
    std::uint32_t sum = 0;
    long long x;
    while (n-- > 0 && std::cin >> x) sum += static_cast<std::uint32_t>(x);
    std::cout << static_cast<std::int32_t>(sum) << "\n";
}
