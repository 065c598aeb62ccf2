#include <fstream>
#include <iostream>
#include <string>

// interactor INPUT ANSWER: 0 is right and 1 is wrong; what is told to the judges goes to standard error.
static int reject(const std::string &why) {
    std::cerr << why << "\n";
    return 1;
}

int main(int argc, char **argv) {
    int secret = 0;
    if (argc < 3 || !(std::ifstream(argv[1]) >> secret)) return 2;
    for (int guesses = 1; guesses <= 10; guesses++) {
        std::string word;
        if (!(std::cin >> word)) return reject("the program ended before it had guessed");
        if (word.size() > 4 || word.find_first_not_of("0123456789") != std::string::npos) {
            return reject("not a guess: " + word.substr(0, 40));
        }
        const int guess = std::stoi(word);
        if (guess < 1 || guess > 1000) return reject("out of range: " + word);
        if (guess == secret) {
            std::cout << "correct" << std::endl;
            return 0;
        }
        if (guesses < 10) std::cout << (secret < guess ? "lower" : "higher") << std::endl;
    }
    return reject("too many guesses");
}
