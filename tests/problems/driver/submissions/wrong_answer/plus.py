def one(n):
    return n + 1 if n > 0 else n
