#include "testlib.h"

// One whole number, as the answer has it.
int main(int argc, char **argv) {
    registerTestlibCmd(argc, argv);
    const long long expected = ans.readLong();
    const long long got = ouf.readLong();
    if (got != expected) quitf(_wa, "%lld, expected %lld", got, expected);
    quitf(_ok, "%lld", got);
}
