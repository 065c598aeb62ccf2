what = input()
word = input()
if what == "encode":
    print(format(int(word), "010b").replace("0", "a").replace("1", "b"))
else:
    print(int(word[::-1].replace("a", "0").replace("b", "1"), 2))
