#include "testlib.h"

#include <cstdlib>

int main(int argc, char **argv) {
    registerTestlibCmd(argc, argv);
    const int answer = ans.readInt();
    const int guess = ouf.readInt(0, 1000, "guess");
    const int distance = std::abs(answer - guess);
    if (distance == 0) quitf(_ok, "exact");
    if (distance >= 25) quitf(_wa, "off by %d", distance);
    quitp(25.0 - distance, "off by %d", distance);
}
