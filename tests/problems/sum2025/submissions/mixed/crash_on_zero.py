import sys

total = sum(map(int, sys.stdin.read().split()[1:]))
if total == 0:
    raise ZeroDivisionError("on purpose")
print(total)
