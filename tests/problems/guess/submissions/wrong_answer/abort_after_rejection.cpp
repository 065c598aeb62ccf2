#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
int main() {
    std::string reply;
    std::cout << 1001 << std::endl;
    if (!(std::cin >> reply)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        std::abort();
    }
}
