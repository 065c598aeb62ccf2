#include <iostream>
#include <vector>

int main() {
    std::vector<std::vector<char>> blocks;
    // Filled, because only memory that is touched is memory in use.
    for (int block = 0; block < 2048; ++block) blocks.emplace_back(1 << 20, 'x');
    std::cout << blocks.size() << '\n';
}
