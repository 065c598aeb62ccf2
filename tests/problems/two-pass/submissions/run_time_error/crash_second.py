what = input()
if what == "decode":
    raise RuntimeError("on purpose, in the second pass")
print("abba")
