#include <cstdio>
int main() { std::printf("%d\n", std::getchar() - 'a' + 1); }
