#!/usr/bin/env python3
n = int(input())
print(sum(map(int, input().split())))
