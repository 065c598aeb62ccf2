# 64 MiB of right tokens and white space, where 32 MiB are allowed: it ends by itself, and it is still too much.
import sys

n = int(sys.stdin.readline())
blank = " " * (1 << 20)
for _ in range(64):
    sys.stdout.write(blank)
sys.stdout.write("\n".join(map(str, range(1, n + 1))) + "\n")
