# The second pass has no output: that of the first is not taken for it.
what, word = open("input.txt").read().split()
if what == "encode":
    with open("output.txt", "w") as out:
        print(format(int(word), "010b").replace("0", "a").replace("1", "b"), file=out)
