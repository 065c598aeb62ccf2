#import <Foundation/Foundation.h>
#include <stdio.h>

int main(void) {
    NSArray *values = [NSArray arrayWithObjects:@"a", @"b", nil];
    printf("%s\n", [[values objectAtIndex:7] UTF8String]);
    return 0;
}
