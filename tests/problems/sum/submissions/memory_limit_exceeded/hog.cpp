#include <cstring>
#include <iostream>
#include <vector>
// Touches 1.5 GiB, far over the stated 256 MiB.
int main() {
    std::vector<char *> kept;
    long long sum = 0;
    for (int i = 0; i < 96; i++) {
        char *block = new char[16 << 20];
        std::memset(block, i + 1, 16 << 20);
        kept.push_back(block);
    }
    for (char *block : kept) sum += block[12345];
    std::cout << sum << "\n";
}
