# Sleeps for ever when the sum is negative. That uses no CPU time at all: only a wall-clock limit ends it.
import sys
import time

total = sum(map(int, sys.stdin.read().split()[1:]))
while total < 0:
    time.sleep(1)
print(total)
