n = int(input())
while n > 100:
    pass
print(*(d for d in range(1, n + 1) if n % d == 0))
