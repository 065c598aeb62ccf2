#import <Foundation/Foundation.h>

int main(void) {
    NSLog(@"a bracket is missing %@", [NSString string);
    return 0;
}
