#include <fstream>
#include <iostream>
#include <string>
int main() {
    std::string key, k, v, found = "missing";
    std::cin >> key;
    std::ifstream table("table.txt");
    while (table >> k >> v) {
        if (k == key) found = v;
    }
    std::cout << found << "\n";
}
