#include <cstdlib>
#include <iostream>
int main() {
    std::cout << 6 << std::endl;  // right for the first sample, and it still crashes
    std::abort();
}
