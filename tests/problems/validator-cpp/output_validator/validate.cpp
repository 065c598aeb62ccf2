#include "feedback.h"

#include <string>

// validate INPUT ANSWER FEEDBACK_DIR/ [distinct] < team_output
int main(int argc, char **argv) {
    if (argc < 4) return 1;
    Feedback feedback(argv[3]);
    const bool distinct = argc > 4 && std::string(argv[4]) == "distinct";

    std::ifstream input(argv[1]);
    std::ifstream answer(argv[2]);
    long long n = 0, a = 0, b = 0;
    if (!(input >> n) || !answer) return 1;
    if (!(std::cin >> a >> b)) return feedback.reject("not two integers", "Print two integers.");
    if (a < 1 || b < 1) return feedback.reject("not positive", "Both integers must be positive.");
    if (a > n || a + b != n) return feedback.reject("the sum is wrong", "The sum is wrong.");
    if (distinct && a == b) return feedback.reject("equal summands", "The summands must differ.");
    std::string rest;
    if (std::cin >> rest) return feedback.reject("trailing output: " + rest, "There is more than two integers.");
    std::cout << "debug output of a validator is no verdict\n";
    return feedback.accept(std::to_string(a) + " + " + std::to_string(b));
}
