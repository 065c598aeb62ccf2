#!/usr/bin/env python3
"""validate.py [positive] [small]"""
import sys

words = list(map(int, sys.stdin.read().split()))
n, a = words[0], words[1:]
ok = n == len(a) and n >= 2
if "positive" in sys.argv:
    ok = ok and min(a) > 0
if "small" in sys.argv:
    ok = ok and all(abs(x) <= 1000 for x in a)
sys.exit(42 if ok else 43)
