#!/usr/bin/env python3
n = int(input())
for i in range(1, n + 1):
    print(("X" * i).rjust(n))
print()
