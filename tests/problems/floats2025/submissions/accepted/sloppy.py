# Just inside: 0.009 off where the absolute error counts, 0.9 % where the relative one does.
x = float(input())
if x == 1:
    print("+.33333333")
elif x == 0:
    print("-0")
elif abs(x) < 1:
    print(x / 3 + 0.009)
else:
    print("%.6E" % (x / 3 * 1.009))
