#!/usr/bin/env python3
# The first validator accepts this, the second does not.
n = int(input())
d = min(d for d in range(2, n) if n % d == 0)
print(d, n // d)
