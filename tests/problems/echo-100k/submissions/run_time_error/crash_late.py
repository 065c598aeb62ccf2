import sys

n = int(sys.stdin.readline())
for i in range(n):
    x = int(sys.stdin.readline())
    if i == 60000:
        raise RuntimeError("on purpose")
    sys.stdout.write("%d\n" % (x + 1))
    sys.stdout.flush()
