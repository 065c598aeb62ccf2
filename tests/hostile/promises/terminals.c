// EXPECT tests AC
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
int main() {
    if (posix_openpt(O_RDWR | O_NOCTTY) >= 0 || open("/dev/ptmx", O_RDWR | O_NOCTTY) >= 0) puts("a terminal");
    puts("ok");
}
