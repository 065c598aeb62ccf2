n = int(input())
print(n - 1)
print(1)
