#include "rules.h"

#include <fstream>
#include <iostream>

int main(int argc, char **argv) {
    if (argc < 4) return 1;
    long long n = 0, d = 0;
    std::ifstream input(argv[1]);
    if (!(input >> n) || is_prime(n)) return 1;
    std::ofstream message(std::string(argv[3]) + "judgemessage.txt", std::ios::app);
    if (!(std::cin >> d)) {
        message << "no integer\n";
        return 43;
    }
    message << "divisor check: " << d << " of " << n << "\n";
    return is_proper_divisor(d, n) ? 42 : 43;
}
