#!/usr/bin/env python3
"""A second validator: all of them must accept. This one wants exactly one word."""
import sys

words = sys.stdin.buffer.read().split()
sys.exit(42 if len(words) == 1 else 43)
