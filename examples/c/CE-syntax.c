#include <stdio.h>

int main(void) {
    puts("a semicolon is missing")
    return 0;
}
