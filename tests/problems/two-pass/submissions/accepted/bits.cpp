#include <iostream>
#include <string>
int main() {
    std::string what;
    std::cin >> what;
    if (what == "encode") {
        int n;
        std::cin >> n;
        for (int i = 0; i < 10; i++) std::cout << (n >> i & 1 ? 'b' : 'a');
        std::cout << "\n";
    } else {
        std::string word;
        std::cin >> word;
        int n = 0;
        for (char c : word) n = n * 2 + (c == 'b');
        std::cout << n << "\n";
    }
}
