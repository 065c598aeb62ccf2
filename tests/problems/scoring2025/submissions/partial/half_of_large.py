# All divisors up to 100, every second one above. 20 + min(1, 1/2) * 30 + (1 + 1 + 1/2 + 1/2) * 12.5
n = int(input())
divisors = [d for d in range(1, n + 1) if n % d == 0]
print(*(divisors if n <= 100 else divisors[::2]))
