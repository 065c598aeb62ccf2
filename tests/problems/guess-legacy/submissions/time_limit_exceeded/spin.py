#!/usr/bin/env python3
# Never ends when the integer is over 96.
low, high = 1, 100
while low < high:
    middle = (low + high + 1) // 2
    print("?", middle, flush=True)
    if input() == "yes":
        low = middle
    else:
        high = middle - 1
    while low > 96:
        pass
print("!", low)
