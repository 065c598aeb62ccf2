line = "7" * 1023
while True:
    print(line)
