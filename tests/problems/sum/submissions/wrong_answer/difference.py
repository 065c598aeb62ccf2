#!/usr/bin/env python3
n = int(input())
a = list(map(int, input().split()))
print(a[0] - sum(a[1:]))
