#include <stdio.h>

int main(void) {
    printf("300000000001\n");
    return 0;
}
