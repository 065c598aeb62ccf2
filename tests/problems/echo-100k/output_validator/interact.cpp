#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

// One line out, one line in, n times: what this problem measures is the way between the two programs.
static int reject(const std::string &dir, int exchange, const char *why) {
    std::ofstream(dir + "judgemessage.txt") << "exchange " << exchange << ": " << why << "\n";
    return 43;
}

int main(int argc, char **argv) {
    if (argc < 4) return 1;
    int n = 0;
    unsigned long long state = 0;
    if (!(std::ifstream(argv[1]) >> n >> state)) return 1;
    std::printf("%d\n", n);
    std::fflush(stdout);
    char line[64];
    for (int i = 1; i <= n; i++) {
        state = (state * 1103515245ULL + 12345ULL) % 2147483648ULL;
        std::printf("%llu\n", state);
        std::fflush(stdout);
        if (!std::fgets(line, sizeof line, stdin)) {
            return reject(argv[3], i, "the program ended");
        }
        char *end = nullptr;
        const unsigned long long reply = std::strtoull(line, &end, 10);
        if (end == line || reply != state + 1) return reject(argv[3], i, "wrong reply");
    }
    std::ofstream(std::string(argv[3]) + "judgemessage.txt") << n << " exchanges\n";
    return 42;
}
