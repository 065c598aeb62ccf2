# requires: judge0api==0.1.20
"""`judge0api`, a client of Judge0 that ends its paths with a slash and waits."""
import os

import judge0api

client = judge0api.Client(os.environ["JUDGE0"])
told = judge0api.submission.submit(
    client, b"print(f'Hello {input()}')", 71, stdin=b"Judge0", expected_output=b"Hello Judge0"
)
told.load(client)
assert told.stdout == b"Hello Judge0\n" and told.status["id"] == 3, (told.stdout, told.status)
print("ok: judge0api: submit with wait, load")
