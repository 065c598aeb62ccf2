#include <stdio.h>
#include <unistd.h>

int main(void) {
    sleep(60);
    puts("7");
    return 0;
}
