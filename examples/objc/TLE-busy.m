#include <stdint.h>
#include <stdio.h>

int main(void) {
    volatile uint64_t turns = 0;
    while (turns + 1 != 0) turns = turns + 1;
    printf("%d\n", 7);
    return 0;
}
