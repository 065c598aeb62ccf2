#!/usr/bin/env python3
# 15 + 25 + 0 + 0 points: tests 3 and 4 are wrong.
# @EXPECTED_SCORE@: 40
print(10)
