#!/usr/bin/env python3
# @EXPECTED_RESULTS@: WRONG-ANSWER, RUN-ERROR
n = int(input())
s = sum(map(int, input().split()))
if abs(s) > 10**9:
    raise OverflowError(s)
print(s)
