#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <unistd.h>
int main(int, char **v) {
    std::string folder = v[3];
    static char line[65536];
    puts("hello");
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin)) {
        usleep(200000);
        return 43;
    }
    std::ofstream(folder + "judgemessage.txt") << "said " << line;
    return strncmp(line, "hello", 5) == 0 ? 42 : 43;
}
