#include <cstdio>
#include <string>
// The last token of the output is wrong.
int main() {
    int n;
    if (std::scanf("%d", &n) != 1) return 1;
    std::string out;
    for (int i = 1; i <= n; i++) {
        out += std::to_string(i == n && n > 1000 ? i + 1 : i);
        out += '\n';
    }
    std::fwrite(out.data(), 1, out.size(), stdout);
}
