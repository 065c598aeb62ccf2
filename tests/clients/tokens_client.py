# requires: judge0-api-wrapper==1.1.3
"""`judge0-api-wrapper`, a client of Judge0 that wants both its tokens to be right."""
import os
import time

from judge0_api_wrapper import Judge0
from judge0_api_wrapper.schemas import CreateSubmission

wrapper = Judge0(os.environ["JUDGE0"], "any", "any")
assert 71 in wrapper.languages
made = wrapper.submit(CreateSubmission(source_code="print(7)", language_id=71))
both = wrapper.submit_batch([CreateSubmission(source_code=f"print({k})", language_id=71) for k in (8, 9)])
deadline = time.monotonic() + 60
while any(status.value <= 2 for status in wrapper.get_statuses([made, *both])):
    assert time.monotonic() < deadline
    time.sleep(0.05)
result = wrapper.get_result(made)
assert result.stdout == "7\n", result
print("ok: judge0-api-wrapper: tokens, languages, submit, submit_batch, get_statuses, get_result")
