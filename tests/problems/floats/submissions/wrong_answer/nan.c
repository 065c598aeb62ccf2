#include <stdio.h>

int main(void) {
    printf("area nan\n");
    return 0;
}
