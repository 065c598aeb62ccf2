#!/usr/bin/env python3
n = int(input())
while n == 10:
    pass
print(sum(map(int, input().split())))
