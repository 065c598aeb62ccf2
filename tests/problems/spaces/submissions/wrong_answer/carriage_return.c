#include <stdio.h>

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 1;
    for (int i = 1; i <= n; i++) {
        for (int j = 0; j < n; j++) putchar(j < n - i ? ' ' : 'X');
        fputs("\r\n", stdout);
    }
    return 0;
}
