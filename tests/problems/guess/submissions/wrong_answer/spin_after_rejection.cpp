#include <iostream>
#include <string>
// What the program does after the interactor has rejected it does not count, not even an endless loop.
int main() {
    std::string reply;
    std::cout << 0 << std::endl;
    std::cin >> reply;
    for (volatile unsigned i = 0;; i = i + 1) {
    }
}
