#!/usr/bin/env python3
"""interact.py INPUT ANSWER FEEDBACK_DIR/ limit N: an interactor in Python."""
import sys


def reject(why):
    with open(sys.argv[3] + "judgemessage.txt", "w") as out:
        out.write(why + "\n")
    with open(sys.argv[3] + "teammessage.txt", "w") as out:
        out.write("The conversation ended badly.\n")
    sys.exit(43)


secret = int(open(sys.argv[1]).read())
assert sys.argv[4] == "limit"
limit = int(sys.argv[5])
questions = 0
while True:
    line = sys.stdin.readline()
    if not line:
        reject("the program ended early")
    words = line.split()
    if len(words) != 2 or words[0] not in ("?", "!") or not words[1].isdigit():
        reject("neither a question nor an answer")
    x = int(words[1])
    if words[0] == "!":
        if x != secret:
            reject(f"{x} instead of {secret}")
        sys.exit(42)
    questions += 1
    if questions > limit:
        reject("too many questions")
    print("yes" if secret >= x else "no", flush=True)
