#!/usr/bin/env python3
for x in range(100, 0, -1):
    print("?", x, flush=True)
    if input() == "yes":
        print("!", x)
        break
