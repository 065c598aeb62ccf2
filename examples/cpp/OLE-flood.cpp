#include <iostream>
#include <string>

int main() {
    const std::string line(1023, '7');
    for (;;) std::cout << line << '\n';
}
