#pragma once
// A small header of Gavel's own, written from scratch, with the part of the testlib interface that an interactor and the
// checker of its report use.
//
//   interactor INPUT REPORT [ANSWER]     talks on standard input and output, writes to REPORT
//   checker    INPUT REPORT ANSWER
//
//   exit code  0 right   1 wrong   2 presentation error   3 the judges failed
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

enum TResult { _ok = 0, _wa = 1, _pe = 2, _fail = 3 };

[[noreturn]] inline void quitf(TResult result, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::vfprintf(stderr, format, arguments);
    std::exit(result);
}

inline std::ifstream inf, report;
inline std::ofstream tout;
inline std::istream &ouf = std::cin;

inline void registerInteraction(int argc, char **argv) {
    if (argc < 3) quitf(_fail, "usage: interactor INPUT REPORT");
    inf.open(argv[1]);
    tout.open(argv[2]);
}

inline void registerTestlibCmd(int argc, char **argv) {
    if (argc < 4) quitf(_fail, "usage: checker INPUT REPORT ANSWER");
    inf.open(argv[1]);
    report.open(argv[2]);
}
