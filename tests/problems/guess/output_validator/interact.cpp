#include <fstream>
#include <iostream>
#include <string>

// interact INPUT ANSWER FEEDBACK_DIR/ < what the program writes > what the program reads
static std::string feedback_dir;

static int reject(const std::string &why) {
    std::ofstream(feedback_dir + "judgemessage.txt") << why << "\n";
    return 43;
}

int main(int argc, char **argv) {
    if (argc < 4) return 1;
    feedback_dir = argv[3];
    int secret = 0;
    if (!(std::ifstream(argv[1]) >> secret)) return 1;
    for (int guesses = 1; guesses <= 10; guesses++) {
        std::string word;
        if (!(std::cin >> word)) {
            return reject("the program ended before it had guessed");
        }
        if (word.size() > 4 || word.find_first_not_of("0123456789") != std::string::npos) {
            return reject("not a guess: " + word.substr(0, 40));
        }
        const int guess = std::stoi(word);
        if (guess < 1 || guess > 1000) return reject("out of range: " + word);
        if (guess == secret) {
            std::cout << "correct" << std::endl;
            std::ofstream(feedback_dir + "judgemessage.txt") << "guesses: " << guesses << "\n";
            return 42;
        }
        if (guesses < 10) std::cout << (secret < guess ? "lower" : "higher") << std::endl;
    }
    return reject("too many guesses");
}
