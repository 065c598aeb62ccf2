#include <iostream>
#include <string>
int main() {
    std::string what;
    std::cin >> what;
    if (what == "encode") {
        std::cout << "abba\n";
        return 0;
    }
    for (volatile unsigned i = 0;; i = i + 1) {
    }
}
