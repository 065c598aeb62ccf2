print(2, flush=True)
input()
raise SystemExit(7)
