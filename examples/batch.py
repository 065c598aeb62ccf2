#!/usr/bin/env python3
"""Judges a batch over HTTP and follows it: Python's standard library is all it needs.

usage: batch.py [URL [KEY]]     URL: where Gavel listens, http://localhost:3000 if left out
"""
import json
import sys
import urllib.request
import uuid

URL = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:3000"
KEY = sys.argv[2] if len(sys.argv) > 2 else None

ENTRIES = [
    {"source": "a, b = map(int, input().split())\nprint(a + b)\n"},
    {"source": "print(4)\n"},
    {"source": "print(7)\n", "language": "cobol"},
]
COMMON = {"language": "python", "work": {"kind": "tests", "tests": [
    {"input": "3 4\n", "answer": "7\n"}, {"input": "2 2\n", "answer": "4\n"}], "all_tests": True}}


def call(path, lines=None, headers=()):
    """Calls the service; with lines, as a POST of one JSON text a line."""
    body = None if lines is None else "".join(json.dumps(line) + "\n" for line in lines).encode()
    headers = {"Content-Type": "application/x-ndjson", **dict(headers)}
    if KEY:
        headers["Authorization"] = f"Bearer {KEY}"
    return urllib.request.urlopen(urllib.request.Request(URL + path, data=body, headers=headers))


# A key of our own: were the connection to break, the same call could be sent again and would count once.
once = {"Idempotency-Key": str(uuid.uuid4())}
batch = json.load(call("/api/v1/batches", [{"common": COMMON}, *ENTRIES], once))
for index, entry in enumerate(batch["submissions"]):
    if "error" in entry:
        print(f"{index}: refused: {entry['error']['message']}")

event = None
for line in call(f"/api/v1/batches/{batch['id']}/events"):
    name, _, value = line.decode().rstrip("\n").partition(": ")
    if name == "event":
        event = value
    elif name == "data" and event == "result":
        result = json.loads(value)
        print(f"{result['index']}: {result['verdict']}")
    elif name == "data" and event == "done":
        print("all:", json.dumps(json.loads(value)["verdicts"], sort_keys=True))
