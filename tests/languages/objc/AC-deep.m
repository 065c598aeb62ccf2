#import <Foundation/Foundation.h>
#include <stdio.h>

@interface Counter : NSObject
- (long)down:(long)n;
@end

@implementation Counter
- (long)down:(long)n {
    return n == 0 ? 0 : 1 + [self down:n - 1];
}
@end

int main(void) {
    long depth;
    if (scanf("%ld", &depth) == 1) printf("%ld\n", [[[Counter alloc] init] down:depth]);
    return 0;
}
