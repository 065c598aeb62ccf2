n = int(input()) + 1
while any(n % d == 0 for d in range(2, n)):
    n += 1
print(n)
