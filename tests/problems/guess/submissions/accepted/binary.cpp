#include <iostream>
#include <string>
int main() {
    int low = 1, high = 1000;
    std::string reply;
    while (true) {
        const int guess = (low + high) / 2;
        std::cout << guess << std::endl;
        if (!(std::cin >> reply) || reply == "correct") return 0;
        if (reply == "lower") high = guess - 1;
        else low = guess + 1;
    }
}
