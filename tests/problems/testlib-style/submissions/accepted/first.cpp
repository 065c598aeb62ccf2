#include <iostream>
#include <vector>
std::vector<long long> v;
std::vector<int> chosen;
int n, k;
bool search(int from, long long sum) {
    if (static_cast<int>(chosen.size()) == k) return sum == 0;
    for (int i = from; i < n; i++) {
        chosen.push_back(i + 1);
        if (search(i + 1, sum + v[i])) return true;
        chosen.pop_back();
    }
    return false;
}
int main() {
    std::cin >> n >> k;
    v.resize(n);
    for (auto &x : v) std::cin >> x;
    if (!search(0, 0)) chosen = {-1};
    for (int i : chosen) std::cout << i << "\n";
}
