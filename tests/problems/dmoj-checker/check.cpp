#include "testlib.h"

#include <set>
#include <vector>

// Codeforces calling convention: check INPUT OUTPUT ANSWER; exit code 0 means right.
int main(int argc, char **argv) {
    registerTestlibCmd(argc, argv);
    const int n = inf.readInt();
    const int k = inf.readInt();
    std::vector<long long> value(n + 1);
    for (int i = 1; i <= n; i++) value[i] = inf.readLong();

    const int jury = ans.readInt(-1, n);
    const int first = ouf.readInt(-1, n, "position");
    if (first == -1) {
        if (jury != -1) quitf(_wa, "there is an answer, but the program found none");
        quitf(_ok, "none");
    }
    std::set<int> seen;
    long long sum = 0;
    for (int i = 0, position = first; i < k; i++) {
        if (i > 0) position = ouf.readInt(1, n, "position");
        if (position < 1) quitf(_pe, "position %d is not in the list", position);
        if (!seen.insert(position).second) quitf(_wa, "position %d twice", position);
        sum += value[position];
    }
    if (sum != 0) quitf(_wa, "the sum is %lld", sum);
    if (jury == -1) quitf(_fail, "the program found an answer and the judges did not");
    quitf(_ok, "%d positions", k);
}
