#include <stddef.h>

int main(void) {
    volatile int *nowhere = NULL;
    *nowhere = 7;
    return 0;
}
