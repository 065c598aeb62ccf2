# requires: judge0==0.0.8
"""The official SDK of Judge0, `judge0`: its synchronous and asynchronous calls, batches, test cases and files."""
import base64
import os

import judge0
from judge0 import Client, Status, Submission, TestCase

client = Client(os.environ["JUDGE0"])
assert client.version == "1.13.1"
assert {status["id"] for status in client.get_statuses()} == set(range(1, 15))
assert client.get_language(71).source_file.endswith(".py")
assert client.config.max_submission_batch_size == 20
for alias in (judge0.PYTHON, judge0.C, judge0.CPP, judge0.JAVA):
    assert client.is_language_supported(alias), alias
print("ok: Client, version, get_statuses, get_language, config, is_language_supported")

one = judge0.run(client=client, language=judge0.PYTHON, source_code="print('héllo')")
assert one.status == Status.ACCEPTED, one
assert one.stdout == "héllo\n" and one.stderr is None and one.exit_code == 0, one
assert one.time is not None and one.memory > 0 and one.finished_at is not None
print("ok: run")

tests = [TestCase("1 2", "3"), ("2 2", "4"), {"input": "2 3", "expected_output": "6"}]
program = "a, b = map(int, input().split())\nprint(a + b)"
judged = judge0.run(client=client, language=judge0.PYTHON, source_code=program, test_cases=tests)
assert [one.status for one in judged] == [Status.ACCEPTED, Status.ACCEPTED, Status.WRONG_ANSWER], judged
print("ok: run with test cases, in a batch")

ends = {
    "raise SystemExit(3)": Status.RUNTIME_ERROR_NZEC,
    "while True: pass": Status.TIME_LIMIT_EXCEEDED,
    "print(": Status.COMPILATION_ERROR,
}
submissions = [
    Submission(source_code=code, language=judge0.PYTHON, cpu_time_limit=1.0) for code in ends
]
started = judge0.async_run(client=client, submissions=submissions)
assert all(one.token for one in started)
done = judge0.wait(client=client, submissions=started)
assert [one.status for one in done] == list(ends.values()), [one.status for one in done]
# The SDK leaves the message as it comes: in base64.
assert base64.b64decode(done[0].message) == b"Exited with error status 3", done[0]
assert "never closed" in done[2].compile_output, repr(done[2].compile_output)
print("ok: async_run, wait, is_done")

crash = judge0.run(client=client, language=judge0.C, source_code="int main(){ *(volatile int*)0 = 1; }")
assert (crash.status, crash.exit_code) == (Status.RUNTIME_ERROR_NZEC, 139), crash
print("ok: a crash in C")

files = judge0.Filesystem(content=[judge0.File(name="data.txt", content="7")])
read = Submission(
    source_code="print(open('data.txt').read())", language=judge0.PYTHON, additional_files=files
)
read = judge0.run(client=client, submissions=read)
assert read.stdout == "7\n", read
assert read.additional_files, read
print("ok: additional_files, there and back")
