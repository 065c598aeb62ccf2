#!/usr/bin/env python3
from itertools import combinations

n, k = map(int, input().split())
a = list(map(int, input().split()))
while k == 1:
    pass
found = [c for c in combinations(range(n), k) if sum(a[i] for i in c) == 0]
print(*(i + 1 for i in found[0])) if found else print(-1)
