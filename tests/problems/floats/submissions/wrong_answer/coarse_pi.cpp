#include <cstdio>
int main() {
    double r;
    if (std::scanf("%lf", &r) != 1) return 1;
    std::printf("area %.9f\n", 3.1415 * r * r);
}
