#include <iostream>
#include <string>
// Guesses rightly at once and then never ends: the interactor has accepted, the program is still too slow.
int main() {
    int low = 1, high = 1000, guesses = 0;
    std::string reply;
    while (reply != "correct") {
        const int guess = (low + high) / 2;
        std::cout << guess << std::endl;
        guesses++;
        if (!(std::cin >> reply)) return 0;
        if (reply == "lower") high = guess - 1;
        else low = guess + 1;
    }
    volatile bool forever = guesses == 1;
    while (forever) {
    }
}
