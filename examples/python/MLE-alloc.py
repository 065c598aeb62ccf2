# Filled, because only memory that is touched is memory in use.
blocks = [b"x" * (1 << 20) for _ in range(2048)]
print(len(blocks))
