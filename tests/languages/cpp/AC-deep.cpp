#include <functional>
#include <iostream>

int main() {
    long depth;
    std::cin >> depth;
    std::function<long(long)> down = [&](long n) { return n == 0 ? 0 : 1 + down(n - 1); };
    std::cout << down(depth) << '\n';
}
