#import <Foundation/Foundation.h>
#include <stdio.h>

int main(void) {
    [NSThread sleepForTimeInterval:60];
    puts("7");
    return 0;
}
