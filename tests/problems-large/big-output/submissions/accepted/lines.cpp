#include <cstdio>
#include <string>
int main() {
    int n;
    if (std::scanf("%d", &n) != 1) return 1;
    std::string out;
    for (int i = 1; i <= n; i++) {
        out += std::to_string(i);
        out += '\n';
        if (out.size() > 60000) {
            std::fwrite(out.data(), 1, out.size(), stdout);
            out.clear();
        }
    }
    std::fwrite(out.data(), 1, out.size(), stdout);
}
