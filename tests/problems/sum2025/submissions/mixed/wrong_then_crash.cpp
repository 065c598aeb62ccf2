#include <cstdlib>
#include <iostream>
// The first failing test is a wrong answer, a later one a crash. Expectations are about
// every test, so a judge that stops at the first failure would not see the crash.
int main() {
    long long n, x, sum = 0;
    std::cin >> n;
    while (std::cin >> x) sum += x;
    if (sum < 0) sum = -sum;
    if (sum > 1000000000) std::abort();
    std::cout << sum << std::endl;
}
