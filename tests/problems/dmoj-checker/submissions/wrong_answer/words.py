#!/usr/bin/env python3
# The checker's exit code is 2, a presentation error: a wrong answer here.
print("one", "three")
