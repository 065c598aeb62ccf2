#!/usr/bin/env python3
# @EXPECTED_SCORE@: 0
print(1000)
