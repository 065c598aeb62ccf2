"""Says more than a pipe holds before it hears a word, and something afterwards that nobody may hear."""
import sys

n = int(open(sys.argv[1]).read())
print(n)
for i in range(n):
    print(i)
sys.stdout.flush()
answer = sys.stdin.readline()
right = answer.strip() == open(sys.argv[2]).read().strip()
print("thank you" if right else "no, thank you")
sys.exit(42 if right else 43)
