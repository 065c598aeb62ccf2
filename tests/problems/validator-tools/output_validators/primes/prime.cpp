// Exit code 0 for a prime number.
#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <vector>
#include "primes.h"

int main(int, char** args) {
    std::vector<int> known(std::begin(primes), std::end(primes));
    return std::binary_search(known.begin(), known.end(), std::atoi(args[1])) ? 0 : 1;
}
