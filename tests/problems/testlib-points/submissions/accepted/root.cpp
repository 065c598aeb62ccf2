// @EXPECTED_SCORE@: 100
#include <iostream>
int main() {
    int x, r = 0;
    std::cin >> x;
    while (r * r < x) r++;
    std::cout << r << "\n";
}
