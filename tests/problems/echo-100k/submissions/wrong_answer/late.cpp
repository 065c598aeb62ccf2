#include <iostream>
int main() {
    long long n, x;
    std::cin >> n;
    for (int i = 1; i <= n && std::cin >> x; i++) std::cout << (i == 77777 ? x : x + 1) << std::endl;
}
