#include <cstdio>
#include <cstring>
// Never stops writing; the stated limit is 1 MiB.
int main() {
    static char block[1 << 16];
    std::memset(block, '7', sizeof block);
    while (std::fwrite(block, 1, sizeof block, stdout) == sizeof block) {
    }
    for (;;) {
    }
}
