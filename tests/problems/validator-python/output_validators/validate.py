#!/usr/bin/env python3
"""validate.py INPUT ANSWER FEEDBACK_DIR/ gap N [verbose] < team_output

The answer file says whether there is a permutation at all: "yes" or "no".
"""
import sys


def end(code, judge, team=None):
    with open(sys.argv[3] + "judgemessage.txt", "a") as out:
        out.write(judge + "\n")
    if team:
        with open(sys.argv[3] + "teammessage.txt", "a") as out:
            out.write(team + "\n")
    sys.exit(code)


n = int(open(sys.argv[1]).read())
possible = open(sys.argv[2]).read().strip() == "yes"
flags = sys.argv[4:]
gap = int(flags[flags.index("gap") + 1])
words = sys.stdin.buffer.read().split()

if [w.lower() for w in words] == [b"impossible"]:
    if possible:
        end(43, "there is a permutation", "There is one.")
    end(42, "rightly impossible")
if len(words) != n:
    end(43, f"{len(words)} words instead of {n}", "The number of integers is wrong.")
try:
    numbers = [int(w) for w in words]
except ValueError:
    end(43, "not a number")
if sorted(numbers) != list(range(1, n + 1)):
    end(43, "not a permutation", "This is not a permutation.")
for a, b in zip(numbers, numbers[1:]):
    if abs(a - b) < gap:
        end(43, f"{a} stands beside {b}", "Some neighbours are too close.")
if not possible:
    sys.exit("the judges' answer is wrong")
end(42, "fine" + (" (verbose)" if "verbose" in flags else ""))
