#!/usr/bin/env python3
n = int(input())
if n in (2, 3):
    print("IMPOSSIBLE")
else:
    p = list(range(2, n + 1, 2)) + list(range(1, n + 1, 2))
    print(*reversed(p), sep="\n")
