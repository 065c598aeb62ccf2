#!/usr/bin/env python3
# @EXPECTED_SCORE@: 100
n = int(input())
print(sum(sorted(map(int, input().split()))[-2:]))
