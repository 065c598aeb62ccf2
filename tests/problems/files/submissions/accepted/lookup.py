import sys

key = input()
found = "missing"
try:
    with open("table.txt") as table:
        found = dict(line.split() for line in table).get(key, found)
except FileNotFoundError:
    pass
print(found)
for arg in sys.argv[1:]:
    print(f"[{arg}]")
