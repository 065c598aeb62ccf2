// Never ends when there are negative but no large numbers: medium is too slow, the rest is right.
// @EXPECTED_SCORE@: 70
#include <algorithm>
#include <iostream>
#include <vector>
int main() {
    int n;
    std::cin >> n;
    std::vector<long long> a(n);
    for (auto &x : a) std::cin >> x;
    std::sort(a.rbegin(), a.rend());
    volatile bool forever = a.back() < 0 && a.back() > -1000;
    while (forever) {
    }
    std::cout << a[0] + a[1] << "\n";
}
