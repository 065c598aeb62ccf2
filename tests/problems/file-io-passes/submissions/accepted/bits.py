import os

assert not os.path.exists("output.txt")
what, word = open("input.txt").read().split()
with open("output.txt", "w") as out:
    if what == "encode":
        print(format(int(word), "010b").replace("0", "a").replace("1", "b"), file=out)
    else:
        print(int(word[::-1].replace("a", "0").replace("b", "1"), 2), file=out)
