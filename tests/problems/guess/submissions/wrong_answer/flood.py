# Writes all guesses and reads nothing: the pipe breaks, and the broken pipe must not become a run-time error.
import sys

for guess in range(2, 200001):
    sys.stdout.write("%d\n" % guess)
    sys.stdout.flush()
