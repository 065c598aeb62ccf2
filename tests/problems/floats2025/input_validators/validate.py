import sys

float(sys.stdin.read())
sys.exit(42)
