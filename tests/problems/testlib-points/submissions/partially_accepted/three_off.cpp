// Three off in each of four tests: 4 * 22 points, every test by exit code 7.
// @EXPECTED_SCORE@: 88
#include <iostream>
int main() {
    int x, r = 0;
    std::cin >> x;
    while (r * r < x) r++;
    std::cout << r + 3 << "\n";
}
