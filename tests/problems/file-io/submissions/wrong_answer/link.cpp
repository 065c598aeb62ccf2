#include <fstream>
#include <unistd.h>
// The output is in another file, and a link to it is no output.
int main() {
    long long a, b;
    std::ifstream("sum.in") >> a >> b;
    std::ofstream("other") << a + b << "\n";
    return symlink("other", "sum.out");
}
