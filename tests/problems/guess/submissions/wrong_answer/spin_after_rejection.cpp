#include <iostream>
#include <string>
// What the program does after the interactor has rejected it does not count, not even an endless loop.
int main() {
    std::string reply;
    std::cout << 0 << std::endl;
    std::cin >> reply;
    volatile bool forever = true;
    while (forever) {
    }
}
