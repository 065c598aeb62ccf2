#include "testlib.h"

// Answers guesses as long as the program likes; whether there were too many is the checker's to say.
int main(int argc, char **argv) {
    registerInteraction(argc, argv);
    int secret = 0;
    if (!(inf >> secret)) quitf(_fail, "there is no number in the input");
    int guesses = 0;
    for (std::string word; ouf >> word;) {
        if (word.size() > 4 || word.find_first_not_of("0123456789") != std::string::npos) {
            quitf(_pe, "not a guess: %.40s", word.c_str());
        }
        const int guess = std::stoi(word);
        if (guess < 1 || guess > 1000) quitf(_wa, "out of range: %d", guess);
        guesses++;
        if (guess == secret) {
            std::cout << "correct" << std::endl;
            tout << guesses << "\n" << std::flush;
            quitf(_ok, "guesses: %d", guesses);
        }
        std::cout << (secret < guess ? "lower" : "higher") << std::endl;
    }
    quitf(_wa, "the program ended before it had guessed");
}
