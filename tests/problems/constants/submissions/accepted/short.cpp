#include <algorithm>
#include <cstdio>
int main() {
    int n;
    if (std::scanf("%d", &n) != 1) return 1;
    std::printf("%d {{WORD}}\n", std::min(n + 1, {{LIMIT}}));
}
