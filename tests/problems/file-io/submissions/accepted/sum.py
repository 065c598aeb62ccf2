a, b = map(int, open("sum.in").read().split())
print("debugging")
with open("sum.out", "w") as out:
    print(a + b, file=out)
