#include "feedback.h"

int Feedback::accept(const std::string &note) const {
    write("judgemessage.txt", "accepted: " + note);
    return 42;
}

int Feedback::reject(const std::string &judge, const std::string &team) const {
    write("judgemessage.txt", "rejected: " + judge);
    write("teammessage.txt", team);
    return 43;
}

void Feedback::write(const std::string &name, const std::string &text) const {
    std::ofstream(dir_ + name) << text << "\n";
}
