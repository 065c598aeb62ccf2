#!/usr/bin/env python3
"""Has a program judged by nothing but messages: RabbitMQ and a worker are enough, no HTTP service is needed.

usage: amqp.py [URL [PREFIX]]     needs pika (Debian: python3-pika)
"""
import datetime
import json
import sys
import uuid

import pika

URL = sys.argv[1] if len(sys.argv) > 1 else "amqp://guest:guest@localhost:5672/%2f"
PREFIX = sys.argv[2] if len(sys.argv) > 2 else "gavel"
LANE = "practice"

submission = {
    "v": 1,
    "id": str(uuid.uuid4()),
    "lane": LANE,
    "language": "python",
    "files": [{"name": "main.py", "content": {"text": "a, b = map(int, input().split())\nprint(a + b)\n"}}],
    "limits": {"cpu_ms": 1000, "wall_ms": 3000, "memory_mb": 256, "output_kb": 1024, "processes": 64},
    "work": {"kind": "tests", "tests": [{"name": "1", "input": {"text": "3 4\n"}, "answer": {"text": "7\n"}}]},
    "created_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
}

connection = pika.BlockingConnection(pika.URLParameters(URL))
channel = connection.channel()
channel.confirm_delivery()

# A queue of our own for the lane's results, before anything can come; it goes with the connection.
results = channel.queue_declare("", exclusive=True).method.queue
channel.queue_bind(results, f"{PREFIX}.results", f"{LANE}.*")

# Confirmed, and an error when no queue takes it.
channel.basic_publish(
    f"{PREFIX}.submissions", LANE, json.dumps(submission).encode(), mandatory=True,
    properties=pika.BasicProperties(
        content_type="application/json", delivery_mode=2, message_id=submission["id"]))

for method, _, body in channel.consume(results, auto_ack=True, inactivity_timeout=60):
    if method is None:
        sys.exit("no result within a minute: is there a worker?")
    result = json.loads(body)
    if result["id"] == submission["id"]:
        print(result["verdict"], [test["verdict"] for test in result["tests"]])
        break
connection.close()
