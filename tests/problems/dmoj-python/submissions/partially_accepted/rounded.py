# Half of the points where the root is no whole number.
# @EXPECTED_SCORE@: 25
print(round(int(input()) ** 0.5))
