# requires: pyte==0.8.2
"""Takes the pictures of this folder: starts a Gavel, gives it work, runs `gavel top` and `gavel batch --watch` in a terminal of their
own, and draws what is on that terminal, cell by cell, as SVG. Then it asks a Prometheus that has scraped it all the while what the
dashboard "overview" asks, and draws the answers where Grafana would. Nothing in them is made up.

    cargo build --release --bin gavel
    python3 -m venv /tmp/pyte && /tmp/pyte/bin/pip install pyte==0.8.2
    /tmp/pyte/bin/python docs/captures/capture.py target/release/gavel

Needs Docker Engine, the language images, and `prometheus` (Debian's package); two minutes.
"""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import urllib.parse
import urllib.request
from html import escape
from pathlib import Path

import pyte

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COLUMNS, CELL_WIDTH, CELL_HEIGHT = 104, 8.4, 18
# The first eight colours of a terminal, as they are told apart on white and on black.
COLOURS = {"default": "#d4d4d4", "black": "#3b3b3b", "red": "#f14c4c", "green": "#23d18b", "brown": "#e5c07b",
           "blue": "#3b8eea", "magenta": "#d670d6", "cyan": "#29b8db", "white": "#e5e5e5"}


def colour(cell):
    name = cell.fg.removeprefix("bright")
    return COLOURS.get(name, f"#{name}" if re.fullmatch("[0-9a-f]{6}", name) else COLOURS["default"])


class Terminal:
    """A command in a pseudo terminal, and what is on its screen."""

    def __init__(self, command, environment, rows):
        self.screen = pyte.Screen(COLUMNS, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.execve(command[0], [str(word) for word in command], environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, COLUMNS, 0, 0))

    def follow(self, seconds):
        """Takes what is written for so long; whether the command goes on after it."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.terminal], [], [], left)[0]:
                continue
            try:
                written = os.read(self.terminal, 65536)
            except OSError:
                return False
            if b"\x1b[6n" in written:
                # It asks where its cursor is.
                cursor = self.screen.cursor
                os.write(self.terminal, f"\x1b[{cursor.y + 1};{cursor.x + 1}R".encode())
            self.stream.feed(written)
        return True

    def end(self, key):
        os.write(self.terminal, key)
        self.follow(1)
        os.waitpid(self.process, 0)

    def picture(self, name, prompt):
        lines = [[(cell.data, colour(cell), cell.bold, cell.reverse) for _, cell in sorted(
            {x: self.screen.buffer[y][x] for x in range(COLUMNS)}.items())] for y in range(self.screen.lines)]
        while lines and all(cell[0] == " " for cell in lines[-1]):
            lines.pop()
        typed = [(letter, COLOURS["white"], True, False) for letter in f"$ {prompt}".ljust(COLUMNS)]
        (HERE / name).write_text(svg([typed, *lines]), encoding="utf-8")


def svg(lines):
    width, height = COLUMNS * CELL_WIDTH + 24, len(lines) * CELL_HEIGHT + 24
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}">',
             '<rect width="100%" height="100%" rx="6" fill="#1e1e1e"/>',
             '<g font-family="ui-monospace, Menlo, DejaVu Sans Mono, monospace" font-size="14" xml:space="preserve">']
    for y, line in enumerate(lines):
        x = 0
        while x < len(line):
            # As many cells as look alike are one text, as wide as its cells.
            until = next((at for at in range(x, len(line)) if line[at][1:] != line[x][1:]), len(line))
            text = "".join(cell[0] for cell in line[x:until])
            if text.strip():
                bold = ' font-weight="bold"' if line[x][2] else ""
                parts.append(f'<text x="{12 + x * CELL_WIDTH:.1f}" y="{24 + y * CELL_HEIGHT}" fill="{line[x][1]}"{bold} '
                             f'textLength="{len(text) * CELL_WIDTH:.1f}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>')
            x = until
    return "\n".join([*parts, "</g>", "</svg>", ""])


LINES = ["#3b8eea", "#23d18b", "#e5c07b", "#f14c4c", "#d670d6", "#29b8db", "#e5e5e5", "#b58900", "#6c71c4"]


def number(value, unit):
    if unit == "percentunit":
        return f"{value * 100:.3g} %"
    for size, name in ((1 << 30, " GiB"), (1 << 20, " MiB")) if unit == "bytes" else ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{name}"
    return f"{value:.3g}" + (" s" if unit == "s" else "")


def plotted(panel, series, begin, seconds):
    """A panel at its place: the largest value, a line for each series, and which is which."""
    place = panel["gridPos"]
    x, y, width, height = place["x"] * 50, place["y"] * 22, place["w"] * 50 - 10, place["h"] * 22 - 10
    unit = panel["fieldConfig"]["defaults"].get("unit", "short")
    parts = [f'<g transform="translate({x},{y})"><rect width="{width}" height="{height}" rx="4" fill="#1e1e1e"/>',
             f'<text x="10" y="19" fill="#e5e5e5" font-weight="bold">{escape(panel["title"])}</text>']
    top = max((value for _, points in series for _, value in points), default=0) or 1
    low, high, left, wide = height - 30, 34, 10, width - 20
    parts.append(f'<text x="{width - 10}" y="19" fill="#8a8a8a" text-anchor="end">up to {number(top, unit)}</text>')
    parts.append(f'<line x1="{left}" x2="{left + wide}" y1="{low}" y2="{low}" stroke="#3b3b3b"/>')
    for index, (name, points) in enumerate(series):
        line = " ".join(f"{left + (at - begin) / seconds * wide:.1f},{low - value / top * (low - high):.1f}" for at, value in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{LINES[index % len(LINES)]}" stroke-width="1.5"/>')
    legend, room = "", width // 7
    for index, (name, _) in enumerate(series):
        room -= len(name) + 2
        if room < 0:
            break
        legend += f'<tspan fill="{LINES[index % len(LINES)]}" dx="8">{escape(name)}</tspan>'
    parts.append(f'<text x="4" y="{height - 10}">{legend}</text></g>')
    return "".join(parts)


def dashboard(prometheus, begin, end, name):
    """What the dashboard's panels ask, between two moments."""
    panels = json.loads((ROOT / "deploy/grafana/dashboards/overview.json").read_text())["panels"]
    parts = []
    for panel in panels:
        if panel["type"] == "row":
            parts.append(f'<text x="4" y="{panel["gridPos"]["y"] * 22 + 15}" fill="#8a8a8a">{escape(panel["title"])}</text>')
            continue
        series = []
        for target in panel["targets"]:
            query = urllib.parse.urlencode({"query": target["expr"], "start": begin, "end": end, "step": 1})
            for found in ask(f"{prometheus}/api/v1/query_range?{query}")["data"]["result"]:
                label = re.sub(r"{{ *([a-z]+) *}}", lambda of: found["metric"].get(of[1], ""), target["legendFormat"])
                points = [(at, float(value)) for at, value in found["values"] if value not in ("NaN", "+Inf", "-Inf")]
                if points:
                    series.append((label, points))
        parts.append(plotted(panel, series, begin, end - begin))
    height = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in panels) * 22
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 1220 {height + 20}" width="1220" height="{height + 20}">'
    (HERE / name).write_text("\n".join([head, f'<rect x="-10" y="-10" width="1220" height="{height + 20}" fill="#111111"/>',
                                        '<g font-family="sans-serif" font-size="12">', *parts, "</g></svg>", ""]), encoding="utf-8")


def scraping(folder, targets):
    """A Prometheus with the project's rules."""
    config = {"global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
              "rule_files": [str(ROOT / "deploy/prometheus/rules/*.yml")],
              "scrape_configs": [{"job_name": job, "static_configs": [{"targets": [target]}]} for job, target in targets]}
    # JSON is YAML.
    (folder / "prometheus.yml").write_text(json.dumps(config))
    return subprocess.Popen(["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
                             "--web.listen-address=127.0.0.1:9099"], stderr=(folder / "prometheus.log").open("w"))


def ask(url, body=None):
    request = urllib.request.Request(url, body and json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or "null")


def until(what, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := what():
                return found
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("it took too long")


def programs(folder):
    """Right, wrong, slow and broken ones."""
    texts = {"right.py": "print(sum(range(10**6)))", "wrong.py": "exit(1)", "loop.py": "while True: pass",
             "right.c": "#include <stdio.h>\nint main(){ long s = 0; for (long k = 0; k < 100000000; k++) s += k ^ s; printf(\"%ld\", s); }",
             "broken.c": "int main(){ return x; }", "right.cpp": "#include <iostream>\nint main(){ std::cout << 42; }"}
    for student in ("ann", "bob", "eve"):
        (folder / student).mkdir(parents=True)
        for name, text in texts.items():
            # None of them is known from before.
            (folder / student / name).write_text(text + ("\n# " if name.endswith("py") else "\n// ") + student + "\n")


def main(gavel):
    folder = Path(tempfile.mkdtemp(prefix="gavel-capture-"))
    address = "127.0.0.1:3999"
    settings = {"API__BIND": address, "WORKER__BIND": "127.0.0.1:9499", "WORKER__ID": "judge-1", "STORE__PATH": folder / "gavel.db",
                "BLOBS__DIR": folder / "blobs", "WORKER__CACHE_DIR": folder / "cache", "LANGUAGES__DIR": ROOT / "images"}
    environment = {**os.environ, "TERM": "xterm-256color", "GAVEL_URL": f"http://{address}",
                   **{f"GAVEL__{name}": str(value) for name, value in settings.items()}}
    environment.pop("NO_COLOR", None)
    prometheus = scraping(folder, (("gavel-api", address), ("gavel-worker", settings["WORKER__BIND"])))
    begin = time.time()
    service = subprocess.Popen([gavel, "up"], env=environment, cwd=folder, stderr=(folder / "log").open("w"))
    try:
        url = f"http://{address}/api/v1"
        until(lambda: any(worker["calibration"] for worker in ask(f"{url}/workers")["workers"]))
        programs(folder / "solutions")
        os.chdir(folder)
        batch = Terminal([gavel, "batch", "solutions", "--watch"], environment, 44)
        # While it is judged, and once it is.
        batch.follow(4)
        batch.picture("batch-begun.svg", "gavel batch solutions --watch")
        while batch.follow(1):
            pass
        batch.picture("batch.svg", "gavel batch solutions --watch")
        # A wave, and what is judged beside it.
        load = [{"language": language, "source": f"{source}{comment}{number}", "lane": lane}
                for number in range(150)
                for language, source, comment, lane in (("python", "import time; time.sleep(0.3)\n", "#", "contest"),
                                                        ("c", "int main(){ return 0; }\n", "//", "contest"),
                                                        ("python", "exit(3)\n", "#", "practice"))]
        ask(f"{url}/batches", {"submissions": load})
        top = Terminal([gavel, "top"], environment, 20)
        top.follow(10)
        top.picture("top.svg", "gavel top")
        top.end(b"q")
        until(lambda: all(queue["unfinished"] == 0 for queue in ask(f"{url}/queues")["queues"]), 300)
        time.sleep(5)
        dashboard("http://127.0.0.1:9099", begin, time.time(), "overview.svg")
    finally:
        prometheus.terminate()
        prometheus.wait()
        service.send_signal(signal.SIGTERM)
        service.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
