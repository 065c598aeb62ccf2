import os, sys
n = int(sys.stdin.readline())
os.close(0)
print(n * (n - 1) // 2, flush=True)
