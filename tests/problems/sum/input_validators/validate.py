#!/usr/bin/env python3
import re
import sys

data = sys.stdin.read()
assert re.fullmatch(r"[1-9]\d*\n-?\d+( -?\d+)*\n", data), "format"
head, body = data.splitlines()
assert len(body.split()) == int(head) <= 1000, "count"
assert all(abs(int(x)) <= 10**12 for x in body.split()), "range"
sys.exit(42)
