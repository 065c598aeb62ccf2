// Acts out a script; see actor.c.
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

int main(int argc, char **argv) {
    std::stringstream script;
    if (argc > 2) script << std::ifstream(argv[1]).rdbuf();
    else script << argv[1];
    std::string op, line;
    while (script >> op) {
        std::string arg;
        if (auto at = op.find('='); at != op.npos) {
            arg = op.substr(at + 1);
            op = op.substr(0, at);
        }
        if (op == "say") std::cout << arg << std::endl;
        else if (op == "mutter") std::cout << arg << '\n';
        else if (op == "flood") {
            const std::string kib = std::string(1023, 'x') + '\n';
            for (long i = 0; arg.empty() || i < std::stol(arg); i++) std::cout << kib;
            std::cout.flush();
        }
        else if (op == "hear") std::getline(std::cin, line);
        else if (op == "want") {
            auto at = arg.find(':');
            if (!std::getline(std::cin, line) || line != arg.substr(0, at)) return std::stoi(arg.substr(at + 1));
        }
        else if (op == "eof") while (std::getline(std::cin, line)) {}
        else if (op == "nap") std::this_thread::sleep_for(std::chrono::milliseconds(arg.empty() ? 600000 : std::stol(arg)));
        else if (op == "spin") for (auto end = arg.empty() ? 1l << 60 : clock() + std::stol(arg) * 1000; clock() < end;) {}
        else if (op == "hush") close(1);
        else if (op == "deaf") close(0);
        else if (op == "bomb") for (;;) std::memset(new char[1 << 20], 1, 1 << 20);
        else if (op == "crash") throw std::runtime_error("crash");
        else if (op == "kill") kill(getpid(), std::stoi(arg));
        else if (op == "exit") return std::stoi(arg);
        else return 98;
    }
    return 97;
}
