import sys

read, write, flush = sys.stdin.readline, sys.stdout.write, sys.stdout.flush
for _ in range(int(read())):
    write("%d\n" % (int(read()) + 1))
    flush()
