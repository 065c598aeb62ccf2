import plus

print(plus.one(int(input())))
