#pragma once
// A small header of Gavel's own, written from scratch, with the part of the testlib interface that the
// checkers in tests/problems use: three streams, exit codes and the order of arguments of Codeforces.
//
//   checker INPUT OUTPUT ANSWER [REPORT]
//   validator [--testset TESTSET] [--group GROUP] < INPUT
//
//   exit code  0 right   1 wrong   2 presentation error   3 the checker or the judges failed
//              4 more output after the right one   7 points (the message begins "points X")   8 output ends early
//
// A message goes to stderr.
#include <cctype>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

enum TResult { _ok = 0, _wa = 1, _pe = 2, _fail = 3, _dirt = 4, _points = 7, _unexpected_eof = 8 };

[[noreturn]] void quitf(TResult result, const char *format, ...);

class InStream {
  public:
    // `blamed` is what a malformed token in this stream means.
    InStream(const char *name, TResult blamed) : name_(name), blamed_(blamed) {}

    void open(const char *path) {
        std::ifstream file(path, std::ios::binary);
        if (!file) quitf(_fail, "cannot open %s (%s)", path, name_);
        text_.assign(std::istreambuf_iterator<char>(file), {});
        at_ = 0;
    }

    void openStdin() {
        text_.assign(std::istreambuf_iterator<char>(std::cin), {});
        at_ = 0;
    }

    // One character, or the end: for validators, who are strict.
    void readSpace() { readChar(' '); }
    void readEoln() { readChar('\n'); }
    void readEof() {
        if (at_ != text_.size()) quitf(blamed_, "%s goes on", name_);
    }
    void readChar(char wanted) {
        if (at_ == text_.size() || text_[at_] != wanted) quitf(blamed_, "%s: character %d was expected", name_, wanted);
        at_++;
    }

    bool seekEof() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) at_++;
        return at_ == text_.size();
    }

    std::string readToken() {
        if (seekEof()) quitf(blamed_ == _pe ? _unexpected_eof : _fail, "%s ends too early", name_);
        const size_t from = at_;
        while (at_ < text_.size() && !std::isspace(static_cast<unsigned char>(text_[at_]))) at_++;
        return text_.substr(from, at_ - from);
    }
    std::string readWord() { return readToken(); }

    long long readLong() {
        const std::string token = readToken();
        char *end = nullptr;
        const long long value = std::strtoll(token.c_str(), &end, 10);
        const bool digits = std::isdigit(static_cast<unsigned char>(token.back())) != 0;
        if (*end != '\0' || !digits || token.size() > 19) {
            quitf(blamed_, "%s: an integer was expected, not \"%.40s\"", name_, token.c_str());
        }
        return value;
    }
    long long readLong(long long low, long long high, const char *what = "integer") {
        const long long value = readLong();
        if (value < low || value > high) {
            quitf(blamed_ == _pe ? _wa : _fail, "%s: %s %lld is not in [%lld, %lld]", name_, what, value, low, high);
        }
        return value;
    }

    int readInt() { return static_cast<int>(readLong(-2147483648LL, 2147483647LL)); }
    int readInt(int low, int high, const char *what = "integer") { return static_cast<int>(readLong(low, high, what)); }

  private:
    const char *name_;
    TResult blamed_;
    std::string text_;
    size_t at_ = 0;
};

inline InStream inf("input", _fail);
inline InStream ouf("output", _pe);
inline InStream ans("answer", _fail);

inline void registerTestlibCmd(int argc, char **argv) {
    if (argc < 4) quitf(_fail, "usage: checker INPUT OUTPUT ANSWER");
    inf.open(argv[1]);
    ouf.open(argv[2]);
    ans.open(argv[3]);
}

// What a validator is told of the test it looks at.
class Validator {
  public:
    void read(int argc, char **argv) {
        for (int k = 1; k + 1 < argc; k++) {
            if (std::string(argv[k]) == "--testset") testset_ = argv[k + 1];
            if (std::string(argv[k]) == "--group") group_ = argv[k + 1];
        }
    }
    const std::string &testset() const { return testset_; }
    const std::string &group() const { return group_; }

  private:
    std::string testset_, group_;
};

inline Validator validator;

inline void registerValidation(int argc, char **argv) {
    validator.read(argc, argv);
    inf.openStdin();
}

inline void ensuref(bool holds, const char *message) {
    if (!holds) quitf(_fail, "%s", message);
}

[[noreturn]] inline void quitv(TResult result, const char *format, va_list arguments) {
    std::vfprintf(stderr, format, arguments);
    std::fputc('\n', stderr);
    std::exit(result);
}

[[noreturn]] inline void quitf(TResult result, const char *format, ...) {
    if (result == _ok && !ouf.seekEof()) {
        std::fputs("there is more in the output than there should be\n", stderr);
        std::exit(_dirt);
    }
    va_list arguments;
    va_start(arguments, format);
    quitv(result, format, arguments);
}

[[noreturn]] inline void quitp(double points, const char *format, ...) {
    if (!ouf.seekEof()) quitf(_dirt, "there is more in the output than there should be");
    std::fprintf(stderr, "points %.10g ", points);
    va_list arguments;
    va_start(arguments, format);
    quitv(_points, format, arguments);
}
