turns = 0
while turns >= 0:
    turns += 1
print(turns)
