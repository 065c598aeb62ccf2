#!/usr/bin/env python3
import sys

words = sys.stdin.buffer.read().split()
print(sum(map(int, words)) - int(words[0]))
