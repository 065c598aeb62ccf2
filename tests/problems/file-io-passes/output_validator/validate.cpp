#include <algorithm>
#include <fstream>
#include <iostream>
#include <string>

// validate INPUT ANSWER FEEDBACK_DIR/ < team_output, once per pass.
// INPUT is what this pass was given: the test's own input, then the nextpass.in written here.
// The feedback folder outlives a pass, nextpass.in does not.
static std::string dir;

static void say(const std::string &text) { std::ofstream(dir + "judgemessage.txt", std::ios::app) << text << "\n"; }

static int reject(const std::string &text) {
    say(text);
    return 43;
}

static int encoded() {
    std::string word, rest;
    if (!(std::cin >> word) || std::cin >> rest) return reject("pass 1: one word was expected");
    if (word.size() > 10 || word.find_first_not_of("ab") != std::string::npos) return reject("pass 1: bad word");
    std::reverse(word.begin(), word.end());
    std::ofstream(dir + "state.txt") << word;
    std::ofstream(dir + "nextpass.in") << "decode\n" << word << "\n";
    say("pass 1: " + word);
    return 42;
}

static int decoded(const std::string &given, long long expected) {
    std::string kept;
    std::ifstream(dir + "state.txt") >> kept;
    if (kept != given) return 1;                                 // not the input that pass 1 asked for
    if (std::ifstream(dir + "nextpass.in").good()) return 1;     // should have been taken away
    long long n = -1;
    if (!(std::cin >> n) || n != expected) return reject("pass 2: wrong integer");
    say("pass 2: right");
    return 42;
}

int main(int argc, char **argv) {
    if (argc < 4) return 1;
    dir = argv[3];
    std::string what, given;
    long long expected = 0;
    if (!(std::ifstream(argv[1]) >> what >> given) || !(std::ifstream(argv[2]) >> expected)) return 1;
    if (what == "encode") return encoded();
    return what == "decode" ? decoded(given, expected) : 1;
}
