#include <iostream>

int main() {
    std::cout << "a semicolon is missing" << '\n'
}
