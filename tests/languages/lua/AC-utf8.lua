print(io.read("*l"))
print("ầ😀")
