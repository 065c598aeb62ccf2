# requires: ultra-piston==1.0.1
"""`ultra-piston`, the client of Piston with synchronous and asynchronous calls."""
import asyncio
import os

from ultra_piston import PistonClient, errors
from ultra_piston.models import File

client = PistonClient(base_url=os.environ["PISTON"] + "/", rate_limit=0, app_name="gavel")
runtimes = client.get_runtimes()
python = next(one for one in runtimes if one.language == "python")
assert "py" in python.aliases and python.version.startswith("3."), python
print("ok: get_runtimes")

told = client.post_execute("py", "3.x", File(content="import sys\nprint(input(), sys.argv[1])"), "7", ["a b"])
assert (told.language, told.version) == ("python", python.version), told
assert told.run.stdout == "7 a b\n" and told.run.code == 0 and told.run.signal is None, told
assert told.compile is None
print("ok: post_execute")

crash = client.post_execute("c", "*", File(name="x.c", content="int main(){ *(volatile int*)0 = 1; }"))
assert crash.compile.code == 0 and crash.run.code == 139, crash
broken = client.post_execute("c++", "*", File(content="int main(){ return x; }"))
assert broken.compile.code == 1 and "x" in broken.run.stderr, broken
print("ok: post_execute: a crash, a failed compilation")

slow = client.post_execute("python", "*", File(content="import time\ntime.sleep(60)"), run_timeout=500)
assert slow.run.signal == "SIGKILL" and slow.run.code is None, slow
print("ok: post_execute: run_timeout")

try:
    client.post_execute("python", "2.0.0", File(content=""))
    raise AssertionError("a version that is not here")
except errors.BadRequestError:
    pass
print("ok: BadRequestError")

packages = client.get_packages()
assert all(one.installed for one in packages)
for call in (client.post_packages, client.delete_packages):
    try:
        call("cow", "1.0.0")
        raise AssertionError("a package that is not here")
    except errors.NotFoundError:
        pass
print("ok: get_packages, post_packages, delete_packages")


async def asynchronous():
    files = [File(content=f"print({k})") for k in range(3)]
    told = await asyncio.gather(*(client.post_execute_async("python", "*", file) for file in files))
    assert [one.run.stdout for one in told] == ["0\n", "1\n", "2\n"], told
    assert len(await client.get_runtimes_async()) == len(runtimes)
    print("ok: post_execute_async, get_runtimes_async")


asyncio.run(asynchronous())
