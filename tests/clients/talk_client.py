# requires: websockets==17.4
"""`websockets`, a client of the protocol that is nobody's of ours: the sequence of Piston's own command line with `-t`, and our own words."""
import asyncio
import json
import os

import websockets

PROGRAM = "for question in ['name', 'age', 'town']:\n    print(question, end='? ', flush=True)\n    print('[' + input() + ']', flush=True)\n"
ANSWERS = {"name? ": "Ann\n", "age? ": "36\n", "town? ": "Ulm\n"}


async def texts(socket):
    """What the socket says; its library takes any code of its end but 1000 and 1001 for an error."""
    try:
        async for text in socket:
            yield text
    except websockets.ConnectionClosed:
        pass


async def heard(socket, say, is_output):
    """Everything until the end; each question is answered when it was heard."""
    messages, line, answers = [], "", dict(ANSWERS)
    async for text in texts(socket):
        message = json.loads(text)
        messages.append(message)
        if is_output(message):
            line += message["data"]
            for question in list(answers):
                if line.endswith(question):
                    await socket.send(json.dumps(say(answers.pop(question))))
    assert not answers, (answers, messages)
    return messages, line


async def piston():
    url = os.environ["PISTON"].replace("http", "ws", 1) + "/connect"
    async with websockets.connect(url) as socket:
        files = [{"name": "main.py", "content": PROGRAM}]
        await socket.send(json.dumps({"type": "init", "language": "python", "version": "*", "files": files}))
        say = lambda text: {"type": "data", "stream": "stdin", "data": text}
        messages, line = await heard(socket, say, lambda message: message["type"] == "data")
    assert (socket.close_code, socket.close_reason) == (4999, "Job Completed"), socket.close_code
    assert line == "name? [Ann]\nage? [36]\ntown? [Ulm]\n", line
    assert [message["type"] for message in messages if message["type"] != "data"] == ["runtime", "stage", "exit"]
    assert messages[-1] == {"type": "exit", "stage": "run", "code": 0, "signal": None}, messages[-1]
    print("ok: connect: init, data, exit")

    async with websockets.connect(url) as socket:
        await socket.send(json.dumps({"type": "data", "stream": "stdin", "data": "too early"}))
        assert [text async for text in texts(socket)] == []
    assert (socket.close_code, socket.close_reason) == (4003, "Not yet initialized"), socket.close_code
    print("ok: connect: close codes")


async def own():
    url = os.environ["PISTON_ROOT"].replace("http", "ws", 1) + "/api/v1/run/live"
    async with websockets.connect(url) as socket:
        await socket.send(json.dumps({"type": "start", "language": "python", "source": PROGRAM}))
        say = lambda text: {"type": "stdin", "data": text}
        messages, line = await heard(socket, say, lambda message: message["type"] == "data")
    assert (socket.close_code, line) == (1000, "name? [Ann]\nage? [36]\ntown? [Ulm]\n"), (socket.close_code, line)
    assert messages[-1]["result"]["verdict"] == "AC", messages[-1]
    print("ok: run/live")


asyncio.run(piston())
asyncio.run(own())
