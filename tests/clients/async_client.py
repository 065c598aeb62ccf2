# requires: judge0-client==0.4.0
"""`judge0-client`, an asynchronous client of Judge0."""
import asyncio
import os

from judge0_client.client import Judge0Client
from judge0_client.models.single_file_submission import SingleFileSubmission

URL = os.environ["JUDGE0"]


async def judge0_client():
    async with Judge0Client(URL) as client:
        made = await client.create_submission(
            SingleFileSubmission(source_code="print(input())", language_id=71, stdin="ä", expected_output="ä")
        )
        while True:
            told = await client.get_submission(made.token)
            if told.status.id > 2:
                break
            await asyncio.sleep(0.05)
        assert told.status.id == 3 and told.stdout == "ä\n", told
        workers = await client.get_workers()
        assert workers[0].available >= 1, workers
        assert (await client.get_about()).version == "1.13.1"
        assert await client.get_isolate() and await client.get_license()
    print("ok: judge0-client: create_submission, get_submission, get_workers, get_about, get_isolate, get_license")


asyncio.run(judge0_client())
