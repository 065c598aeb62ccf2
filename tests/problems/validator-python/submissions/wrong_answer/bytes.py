#!/usr/bin/env python3
# Bytes that are not UTF-8: a validator must be able to reject them, and a judge to show what it said.
import sys

sys.stdout.buffer.write(b"\xff\xfe\x00 \x80\n")
