from answer import ANSWER

print(ANSWER)
