#include <iostream>
#include <string>
// Counts upwards; the tenth guess is rejected and the program ends by itself.
int main() {
    std::string reply;
    for (int guess = 1; guess <= 1000; guess++) {
        std::cout << guess << std::endl;
        if (!(std::cin >> reply) || reply == "correct") return 0;
    }
}
