# Has no answer to a missing file.
import sys

table = dict(line.split() for line in open("table.txt"))
print(table[input()])
for arg in sys.argv[1:]:
    print(f"[{arg}]")
