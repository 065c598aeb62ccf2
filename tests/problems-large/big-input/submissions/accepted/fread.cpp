#include <cstdio>
int main() {
    static char buffer[1 << 16];
    long long sum = 0, number = 0;
    bool first = true, inside = false;
    size_t got;
    while ((got = std::fread(buffer, 1, sizeof buffer, stdin)) > 0) {
        for (size_t i = 0; i < got; i++) {
            if (buffer[i] >= '0') {
                number = number * 10 + (buffer[i] - '0');
                inside = true;
            } else if (inside) {
                if (!first) sum += number;
                first = false;
                number = 0;
                inside = false;
            }
        }
    }
    std::printf("%lld\n", sum);
}
