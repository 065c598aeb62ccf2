import sys

a, b = map(int, sys.stdin.read().split())
sys.exit(42 if 1 <= a <= 10**9 and 1 <= b <= 10**9 else 43)
