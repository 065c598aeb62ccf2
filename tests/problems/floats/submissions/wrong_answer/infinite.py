#!/usr/bin/env python3
print("area", float("inf"))
