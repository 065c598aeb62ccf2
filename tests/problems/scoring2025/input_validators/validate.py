import sys

sys.exit(42 if 1 <= int(sys.stdin.read()) <= 10**6 else 43)
