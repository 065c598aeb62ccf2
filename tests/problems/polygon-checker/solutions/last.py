#!/usr/bin/env python3
from itertools import combinations

n, k = map(int, input().split())
a = list(map(int, input().split()))
best = [-1]
for c in combinations(range(n), k):
    if sum(a[i] for i in c) == 0:
        best = [i + 1 for i in reversed(c)]
print(*best)
