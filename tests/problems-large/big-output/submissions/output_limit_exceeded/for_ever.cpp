#include <cstdio>
#include <cstring>
int main() {
    static char block[1 << 16];
    std::memset(block, '1', sizeof block);
    while (std::fwrite(block, 1, sizeof block, stdout) == sizeof block) {
    }
    for (;;) {
    }
}
