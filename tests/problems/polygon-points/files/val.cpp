#include "testlib.h"

// How many numbers, and the numbers, few of them in the easy group.
int main(int argc, char **argv) {
    registerValidation(argc, argv);
    ensuref(validator.testset() == "tests", "there is one testset");
    const int most = validator.group() == "easy" ? 5 : 1000;
    const int count = inf.readInt(2, most, "n");
    inf.readEoln();
    for (int k = 0; k < count; k++) {
        if (k > 0) inf.readSpace();
        inf.readLong(-1000000000000LL, 1000000000000LL, "number");
    }
    inf.readEoln();
    inf.readEof();
}
