#import <Foundation/Foundation.h>
#include <stdio.h>

int main(void) {
    NSAutoreleasePool *pool = [[NSAutoreleasePool alloc] init];
    char line[1000];
    if (!fgets(line, sizeof line, stdin)) return 1;
    NSString *text = [NSString stringWithUTF8String:line];
    printf("%s%s", [text UTF8String], [[NSString stringWithUTF8String:"ầ😀\n"] UTF8String]);
    [pool drain];
    return 0;
}
