// 32 bits: easy and medium are right, both parts of hard are wrong.
// @EXPECTED_SCORE@: 50
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <vector>
int main() {
    int n;
    std::cin >> n;
    std::vector<std::int32_t> a(n);
    for (auto &x : a) {
        long long wide;
        std::cin >> wide;
        x = static_cast<std::int32_t>(static_cast<std::uint32_t>(wide));
    }
    std::sort(a.rbegin(), a.rend());
    const std::uint32_t sum = static_cast<std::uint32_t>(a[0]) + static_cast<std::uint32_t>(a[1]);
    std::cout << static_cast<std::int32_t>(sum) << "\n";
}
