#include <fstream>
#include <iostream>
#include <string>
int main(int, char **v) {
    std::ifstream in(v[1]), answer(v[2]);
    std::string folder = v[3], secret, out;
    int pass;
    in >> pass;
    answer >> secret;
    std::cin >> out;
    if (pass == 1) {
        if (out.size() != 1) return 43;
        std::ofstream(folder + "nextpass.in") << "2 " << out << "\n";
        return 42;
    }
    std::ofstream(folder + "judgemessage.txt") << "pass 2 said " << out;
    return out == secret ? 42 : 43;
}
