import sys
print(-1, flush=True)
sys.stdin.read()
raise RuntimeError("the judge has gone")
