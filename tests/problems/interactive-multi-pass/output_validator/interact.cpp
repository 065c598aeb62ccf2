#include <fstream>
#include <iostream>
#include <string>

// INPUT is "PASS SECRET": the test's own for the first pass, the nextpass.in written here for the others.
// ANSWER holds the secrets of all three passes.
static std::string dir;

static int say(int code, const std::string &text) {
    std::ofstream(dir + "judgemessage.txt", std::ios::app) << text << "\n";
    return code;
}

int main(int argc, char **argv) {
    if (argc < 4) return 1;
    dir = argv[3];
    int pass = 0, secret = 0, secrets[3] = {0, 0, 0};
    std::ifstream answers(argv[2]);
    if (!(std::ifstream(argv[1]) >> pass >> secret) || pass < 1 || pass > 3) return 1;
    if (!(answers >> secrets[0] >> secrets[1] >> secrets[2]) || secrets[pass - 1] != secret) return 1;
    if (std::ifstream(dir + "nextpass.in").good()) return 1;
    const std::string where = "pass " + std::to_string(pass) + ": ";

    std::cout << pass << std::endl;
    for (int guesses = 1; guesses <= 10; guesses++) {
        int guess = 0;
        if (!(std::cin >> guess)) {
            return say(43, where + "no guess");
        }
        if (guess < 1 || guess > 1000) return say(43, where + "out of range");
        if (guess == secret) {
            std::cout << "correct" << std::endl;
            if (pass < 3) std::ofstream(dir + "nextpass.in") << pass + 1 << " " << secrets[pass] << "\n";
            return say(42, where + "found");
        }
        if (guesses < 10) std::cout << (secret < guess ? "lower" : "higher") << std::endl;
    }
    return say(43, where + "too many guesses");
}
