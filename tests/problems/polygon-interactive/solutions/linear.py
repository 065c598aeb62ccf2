# Counts upwards: more than ten guesses where the number is large.
guess = 0
reply = ""
while reply != "correct":
    guess += 1
    print(guess, flush=True)
    try:
        reply = input()
    except EOFError:
        break
