# Incomplete in group 1: groups 2 and 3 require it and are not run.
n = int(input())
print(1, n)
if n == 6:
    print(2, 3)
