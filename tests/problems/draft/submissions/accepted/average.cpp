#include <cstdio>
int main() {
    int n, x;
    long long sum = 0;
    if (std::scanf("%d", &n) != 1) return 1;
    for (int i = 0; i < n && std::scanf("%d", &x) == 1; i++) sum += x;
    std::printf("%.9f\n%s\n", static_cast<double>(sum) / n, sum % 2 == 0 ? "Even" : "Odd");
}
