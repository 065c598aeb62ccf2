# What is printed is not looked at.
a, b = map(int, open("sum.in").read().split())
print(a + b)
