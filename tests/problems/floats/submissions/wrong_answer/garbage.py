#!/usr/bin/env python3
# The number with a tail: "3.14...cm" is not a number.
import math

r = float(input())
print("area %.12fcm" % (math.pi * r * r))
