#include <cstdio>
int main() {
    double x;
    if (std::scanf("%lf", &x) != 1) return 1;
    std::printf("%.12g\n", x / 3);
}
