#import <Foundation/Foundation.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    NSMutableArray *blocks = [NSMutableArray array];
    for (int i = 0; i < 2048; ++i) {
        NSMutableData *block = [NSMutableData dataWithLength:1 << 20];
        /* Filled, because only memory that is touched is memory in use. */
        memset([block mutableBytes], 'x', 1 << 20);
        [blocks addObject:block];
    }
    printf("%lu\n", (unsigned long)[blocks count]);
    return 0;
}
