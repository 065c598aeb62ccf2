from math import gcd


def lcm(a, b):
    return a // gcd(a, b) * b
