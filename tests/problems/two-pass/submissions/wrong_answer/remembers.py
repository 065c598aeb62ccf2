# Tries to carry the number from pass to pass in files. A pass must not see what an earlier one wrote.
import os

places = [d + "/gavel-two-pass-memory" for d in (".", "/tmp", "/app/work", "/dev/shm", "/var/tmp", os.path.expanduser("~"))]
what = input()
word = input()
if what == "encode":
    for place in places:
        try:
            with open(place, "w") as out:
                out.write(word)
        except OSError:
            pass
    print("ab")
else:
    answer = "-1"
    for place in places:
        try:
            answer = open(place).read()
        except OSError:
            pass
    print(answer)
