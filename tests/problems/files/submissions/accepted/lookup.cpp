#include <fstream>
#include <iostream>
#include <string>
int main(int argc, char **argv) {
    std::string key, k, v, found = "missing";
    std::cin >> key;
    std::ifstream table("table.txt");
    while (table >> k >> v) {
        if (k == key) found = v;
    }
    std::cout << found << "\n";
    for (int i = 1; i < argc; i++) std::cout << "[" << argv[i] << "]\n";
}
