import sys

print(sum(abs(int(x)) for x in sys.stdin.read().split()[1:]))
