#!/usr/bin/env python3
kept = []
for i in range(96):
    kept.append(bytes([i + 1]) * (16 << 20))
print(len(kept))
