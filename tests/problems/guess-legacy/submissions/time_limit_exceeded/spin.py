#!/usr/bin/env python3
print("? 50", flush=True)
input()
while True:
    pass
