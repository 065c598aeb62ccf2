#!/usr/bin/env python3
n = int(input())
s = sum(map(int, input().split()))
print("%.5e" % (s / n), "Odd" if s % 2 else "Even")
