import sys

sys.stdin.readline()
for line in iter(sys.stdin.readline, ""):
    sys.stdout.write(line)
    sys.stdout.flush()
