#include <iostream>
#include <string>
// The second pass of one test never ends.
int main() {
    std::string what, word;
    int n = 0;
    std::cin >> what;
    if (what == "encode") {
        std::cin >> n;
        for (int i = 0; i < 10; i++) std::cout << (n >> i & 1 ? 'b' : 'a');
        std::cout << "\n";
        return 0;
    }
    std::cin >> word;
    for (char c : word) n = n * 2 + (c == 'b');
    volatile bool forever = n == 700;
    while (forever) {
    }
    std::cout << n << "\n";
}
