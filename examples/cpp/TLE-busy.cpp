#include <cstdint>
#include <iostream>

int main() {
    volatile std::uint64_t turns = 0;
    while (turns + 1 != 0) turns = turns + 1;
    std::cout << turns << '\n';
}
