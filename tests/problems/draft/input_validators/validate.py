#!/usr/bin/env python3
import sys

words = sys.stdin.read().split()
sys.exit(42 if int(words[0]) == len(words) - 1 else 43)
