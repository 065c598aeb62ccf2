// EXPECT tests WA WA WA WA WA WA WA WA WA WA WA WA WA WA WA WA WA WA WA WA
#include <string.h>
#include <unistd.h>
int main() {
    static char b[65536];
    memset(b, 1, sizeof b);
    return write(1, b, sizeof b) < 0 || write(2, b, sizeof b) < 0;
}
