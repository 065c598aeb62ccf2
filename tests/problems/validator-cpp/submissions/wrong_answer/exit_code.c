#include <stdio.h>

/* What the program prints must never become the validator's exit code. */
int main(void) {
    printf("42\n");
    return 0;
}
