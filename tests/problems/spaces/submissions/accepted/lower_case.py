#!/usr/bin/env python3
# Lower case letters: the comparison is sensitive to space, not to case.
n = int(input())
for i in range(1, n + 1):
    print(("x" * i).rjust(n))
