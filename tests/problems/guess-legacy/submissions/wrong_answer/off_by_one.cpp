#include <iostream>
#include <string>
int main() {
    int low = 1, high = 100;
    while (low < high) {
        const int middle = (low + high + 1) / 2;
        std::cout << "? " << middle << std::endl;
        std::string reply;
        std::cin >> reply;
        if (reply == "yes") low = middle;
        else high = middle - 1;
    }
    std::cout << "! " << low % 100 + 1 << std::endl;
}
