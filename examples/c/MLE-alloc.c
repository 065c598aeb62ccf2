#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    size_t total = 0;
    for (int block = 0; block < 2048; ++block) {
        char *memory = malloc(1 << 20);
        if (memory == NULL) return 1;
        /* Filled, because only memory that is touched is memory in use. */
        memset(memory, 'x', 1 << 20);
        total += (size_t)memory[block];
    }
    printf("%zu\n", total);
    return 0;
}
