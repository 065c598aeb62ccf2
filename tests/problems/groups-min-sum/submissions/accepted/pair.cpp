// @EXPECTED_SCORE@: 100
#include <algorithm>
#include <iostream>
#include <vector>
int main() {
    int n;
    std::cin >> n;
    std::vector<long long> a(n);
    for (auto &x : a) std::cin >> x;
    std::sort(a.rbegin(), a.rend());
    std::cout << a[0] + a[1] << "\n";
}
