import sys

sys.exit(42 if 1 <= int(sys.stdin.read()) <= 3000000 else 43)
