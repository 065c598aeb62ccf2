#pragma once
#include <fstream>
#include <iostream>
#include <string>

// Writes the two messages of the feedback folder. `dir` ends with a slash.
class Feedback {
  public:
    explicit Feedback(std::string dir) : dir_(std::move(dir)) {}
    int accept(const std::string &note) const;
    int reject(const std::string &judge, const std::string &team) const;

  private:
    void write(const std::string &name, const std::string &text) const;
    std::string dir_;
};
