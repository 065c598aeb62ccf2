#!/usr/bin/env python3
n = int(input())
print(sum(sorted(map(int, input().split()))[-2:]))
