#!/usr/bin/env python3
# Reads one megabyte and ends: the judge's writer meets a closed pipe, and that must not be anyone's error.
import sys

words = sys.stdin.buffer.read(1 << 20).split()
print(sum(map(int, words)) - int(words[0]))
