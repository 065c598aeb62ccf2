#include <fstream>
#include <string>
int main() {
    std::ifstream in("input.txt");
    std::ofstream out("output.txt");
    std::string what, word;
    in >> what;
    int n = 0;
    if (what == "encode") {
        in >> n;
        for (int i = 0; i < 10; i++) out << (n >> i & 1 ? 'b' : 'a');
    } else {
        in >> word;
        for (char c : word) n = n * 2 + (c == 'b');
        out << n;
    }
    out << "\n";
}
