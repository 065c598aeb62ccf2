# 5 % off where the absolute error counts: 0.25 * 0.05 is over 0.01.
x = float(input())
print(x / 3 * (1.05 if 0.5 < x < 1 else 1))
