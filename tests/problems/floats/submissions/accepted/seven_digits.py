#!/usr/bin/env python3
# Seven significant digits: a relative error of at most 5e-7.
import math

r = float(input())
print("AREA %.6E" % (math.pi * r * r))
