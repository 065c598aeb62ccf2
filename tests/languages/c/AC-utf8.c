#include <stdio.h>

int main(void) {
    char line[1000];
    if (fgets(line, sizeof line, stdin)) fputs(line, stdout);
    puts("ầ😀");
    return 0;
}
