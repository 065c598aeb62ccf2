import re
import sys

m = re.fullmatch(r"encode\n(\d+)\n", sys.stdin.read())
sys.exit(42 if m and int(m[1]) <= 1000 else 43)
