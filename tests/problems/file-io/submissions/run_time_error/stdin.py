# Standard input is empty.
a, b = map(int, input().split())
with open("sum.out", "w") as out:
    print(a + b, file=out)
