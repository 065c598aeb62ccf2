#include <cmath>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <set>
#include <string>

// validate INPUT ANSWER FEEDBACK_DIR/ [partial]. With "partial" a right but incomplete answer is accepted and
// score_multiplier.txt says which part of the test's points it is worth; without, it is a wrong answer.
int main(int argc, char **argv) {
    if (argc < 4) return 1;
    const std::string dir = argv[3];
    const bool partial = argc > 4 && std::string(argv[4]) == "partial";
    long long n = 0, count = 0;
    if (!(std::ifstream(argv[1]) >> n) || !(std::ifstream(argv[2]) >> count)) return 1;
    std::ofstream message(dir + "judgemessage.txt");
    std::set<long long> seen;
    std::string word;
    while (std::cin >> word) {
        if (word.size() > 7 || word.find_first_not_of("0123456789") != std::string::npos) {
            message << "not a number: " << word.substr(0, 40) << "\n";
            return 43;
        }
        const long long d = std::stoll(word);
        if (d < 1 || n % d != 0 || !seen.insert(d).second) {
            message << d << " is no divisor, or there twice\n";
            return 43;
        }
    }
    const long long found = static_cast<long long>(seen.size());
    message << found << " of " << count << " divisors\n";
    if (found == 0 || (!partial && found < count)) return 43;
    if (partial) std::ofstream(dir + "score_multiplier.txt") << std::setprecision(17) << double(found) / count << "\n";
    return 42;
}
