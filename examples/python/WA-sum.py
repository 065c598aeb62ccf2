# Two words joined, not two numbers added.
print("".join(input().split()))
