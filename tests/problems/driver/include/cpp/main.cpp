#include <iostream>
long one(long);
int main() {
    long n;
    std::cin >> n;
    std::cout << one(n) << "\n";
}
