# Waits for a reply before the first guess: both wait, and only a wall-clock limit ends it.
reply = input()
print(500, flush=True)
