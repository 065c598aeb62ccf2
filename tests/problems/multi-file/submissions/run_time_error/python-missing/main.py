from helper import value

print(value)
