#pragma GCC optimize("O3,unroll-loops")
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#include <bits/stdc++.h>

int main() {
    std::string word;
    std::cin >> word;
    std::vector<std::string> words(3, word);
    std::map<int, std::set<std::string>> sets;
    sets[1].insert(words.begin(), words.end());
    std::cout << words[1] << sets.size() << '\n';
}
