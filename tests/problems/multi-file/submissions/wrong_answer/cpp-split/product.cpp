#include "product.hpp"

long long product(long long a, long long b) { return a * b; }
