#include <iostream>
#include <string>
int main() {
    long n, x, sum = 0;
    std::cin >> n;
    while (n-- > 0 && std::cin >> x) sum += x;
    std::cout << sum << std::endl;
    std::string thank, you;
    return std::cin >> thank >> you && you == "you" ? 0 : 1;
}
