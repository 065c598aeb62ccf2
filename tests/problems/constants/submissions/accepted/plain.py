print(min(int(input()) + 1, {{LIMIT}}), open("word.txt").read())
