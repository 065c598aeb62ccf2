#include <chrono>
#include <iostream>
#include <thread>

int main() {
    std::this_thread::sleep_for(std::chrono::minutes(1));
    std::cout << 7 << '\n';
}
