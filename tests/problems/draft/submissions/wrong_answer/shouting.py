#!/usr/bin/env python3
# Right but for the case of the word: accepted wherever testdata.yaml does not ask for case_sensitive.
n = int(input())
s = sum(map(int, input().split()))
print(s / n, "ODD" if s % 2 else "EVEN")
