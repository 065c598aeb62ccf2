#!/usr/bin/env python3
# @EXPECTED_SCORE@: 100
print(int(int(input()) ** 0.5 + 0.5))
