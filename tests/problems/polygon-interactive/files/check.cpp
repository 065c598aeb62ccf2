#include "testlib.h"

// Judges what the interactor reports: how many guesses there were.
int main(int argc, char **argv) {
    registerTestlibCmd(argc, argv);
    int guesses = 0;
    if (!(report >> guesses)) quitf(_fail, "the report is empty");
    if (guesses > 10) quitf(_wa, "too many guesses: %d", guesses);
    quitf(_ok, "guesses: %d", guesses);
}
