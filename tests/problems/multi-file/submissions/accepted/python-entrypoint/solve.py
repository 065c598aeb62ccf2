import arith

a, b = map(int, input().split())
print(arith.gcd(a, b), arith.lcm(a, b))
