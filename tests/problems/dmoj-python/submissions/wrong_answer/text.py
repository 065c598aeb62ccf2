print("a root")
