# requires: grafana-foundation-sdk==1769699998!10.1.0
"""Reads dashboards, whose files are the arguments, into the types that Grafana publishes, and writes them again: what those types do
not know is lost on the way, and what is of another kind is no longer the same.
"""
import json
import sys

from grafana_foundation_sdk.cog import encoder, plugins
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(ours, theirs, at="dashboard"):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            if key in theirs:
                yield from lost(value, theirs[key], f"{at}.{key}")
            else:
                yield f"{at}.{key}"
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs)):
            yield from lost(*pair, f"{at}[{index}]")
    elif ours != theirs:
        yield f"{at}: {ours!r} became {theirs!r}"


def through(board):
    return json.loads(encoder.JSONEncoder().encode(Dashboard.from_json(board)))


plugins.register_default_plugins()
for file in sys.argv[1:]:
    with open(file, encoding="utf-8") as opened:
        board = json.load(opened)
    assert not (found := list(lost(board, through(board)))), f"{file}: {found}"
    # Whoever finds nothing must be able to find something.
    board["panels"][1]["gridPoz"] = board["panels"][1].pop("gridPos")
    assert list(lost(board, through(board))), file
    print(f"ok: {board['title']}")
