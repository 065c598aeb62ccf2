#include <cctype>
#include <iostream>
#include <string>
int main() {
    std::string word;
    while (std::cin >> word) {
        for (char &c : word) c = static_cast<char>(std::isupper(c) ? std::tolower(c) : std::toupper(c));
        std::cout << word << "\n";
    }
}
