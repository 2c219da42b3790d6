"""What a page costs the web process: CPU a warm rerun, and how fast it answers 100 open browsers.

    python bench/pages.py [--home FOLDER] [--page overview] [--sessions 100] [--think 10] [--rounds 6]

Starts the real app on a home with the demo workspace, signs in once, and speaks
Streamlit's own websocket as browsers do. Prints each number beside its limit and
leaves with 1 if one is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

CPU_LIMIT_MS = 40.0
P95_LIMIT_MS = 300.0
DRAWN = 18
"""The limits are for a page of 10 charts and 8 figures; a figure here carries a small chart of its own."""
PERIODS = ("last_7_days", "last_30_days", "last_90_days", "this_month", "last_month")


@dataclass
class Answer:
    """What one run of the page sent."""

    seconds: float
    size: int
    elements: Counter[str]
    page: str
    """The page's hash, to be sent back with the next click."""
    choice: str
    """The id of the scope bar's period."""
    errors: list[str] = field(default_factory=list)


def main() -> int:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(asked.home or folder)
        cookie = furnish(home)
        with served(home) as (port, process):
            return asyncio.run(_measure(port, process, cookie, asked))


async def _measure(port: int, process: Any, cookie: str, asked: argparse.Namespace) -> int:
    warm = await browse(port, cookie, asked.page, clicks=len(PERIODS), think=0.0)
    first = warm[0]
    before = _cpu(process)
    answers = await browse(port, cookie, asked.page, clicks=40, think=0.05, same=True)
    cpu_ms = (_cpu(process) - before) / len(answers) * 1000
    charts, figures = (
        first.elements["vega_lite_chart"] + first.elements["arrow_vega_lite_chart"],
        first.elements["metric"],
    )

    before, started = _cpu(process), time.perf_counter()
    everybody = await asyncio.gather(
        *(
            browse(port, cookie, asked.page, clicks=asked.rounds, think=asked.think, lead=random.uniform(0, 20))
            for _ in range(asked.sessions)
        )
    )
    clicks = sorted(answer.seconds * 1000 for answers in everybody for answer in answers[1:])
    p50, p95 = statistics.median(clicks), clicks[int(len(clicks) * 0.95)]
    busy = (_cpu(process) - before) / (time.perf_counter() - started)
    errors = [error for answers in [warm, *everybody] for answer in answers for error in answer.errors]

    rows = [
        {
            "measure": "charts and figures on the page",
            "value": f"{charts} + {figures}",
            "limit": f">= {DRAWN} together",
        },
        {"measure": "CPU of a warm rerun, ms", "value": round(cpu_ms, 1), "limit": f"< {CPU_LIMIT_MS:.0f}"},
        {
            "measure": f"{asked.sessions} sessions, click every {asked.think:.0f} s: p50, ms",
            "value": round(p50),
            "limit": "",
        },
        {
            "measure": f"{asked.sessions} sessions, click every {asked.think:.0f} s: p95, ms",
            "value": round(p95),
            "limit": f"< {P95_LIMIT_MS:.0f}",
        },
        {"measure": "clicks measured", "value": len(clicks), "limit": ""},
        {"measure": "share of one core used", "value": round(busy, 2), "limit": ""},
        {"measure": "memory of the web process, MB", "value": round(process.memory_info().rss / 2**20), "limit": ""},
        {"measure": "answer, KB", "value": round(first.size / 1024), "limit": ""},
        {"measure": "errors on pages", "value": len(errors), "limit": "0"},
    ]
    _show(rows, as_json=asked.json)
    for error in dict.fromkeys(errors):
        print(error, file=sys.stderr)
    enough = charts + figures >= DRAWN
    return 0 if enough and cpu_ms < CPU_LIMIT_MS and p95 < P95_LIMIT_MS and not errors else 1


async def browse(
    port: int, cookie: str, page: str, *, clicks: int, think: float, lead: float = 0.0, same: bool = False
) -> list[Answer]:
    """Open the page as a browser does and click; the first answer is the opening, the others are clicks.

    A click changes the period; with `same` it only asks the page again.
    """
    import websockets
    from streamlit.proto.BackMsg_pb2 import BackMsg

    from core.access import sessions

    await asyncio.sleep(lead)
    shift = int(lead * 10)
    address = f"ws://localhost:{port}/_stcore/stream"
    headers = {"Cookie": f"{sessions.COOKIE}={cookie}"}
    async with websockets.connect(
        address,
        subprotocols=["streamlit"],
        max_size=None,
        origin=f"http://localhost:{port}",
        additional_headers=headers,
    ) as line:
        asking = BackMsg()
        asking.rerun_script.page_name = page
        answers = [await _ask(line, asking)]
        for number in range(clicks):
            await asyncio.sleep(random.uniform(0, 2 * think))
            asking = BackMsg()
            asking.rerun_script.page_script_hash = answers[-1].page
            if not same:
                widget = asking.rerun_script.widget_states.widgets.add()
                widget.id, widget.string_value = answers[0].choice, PERIODS[(number + shift) % len(PERIODS)]
            answers.append(await _ask(line, asking))
    return answers


async def _ask(line: Any, asking: Any) -> Answer:
    """Send and read until the script has finished."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    answer = Answer(0.0, 0, Counter(), "", "")
    started = time.perf_counter()
    await line.send(asking.SerializeToString())
    while True:
        raw = await asyncio.wait_for(line.recv(), 120)
        answer.size += len(raw)
        message = ForwardMsg()
        message.ParseFromString(raw)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            answer.page = message.new_session.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            answer.elements[str(element.WhichOneof("type"))] += 1
            if element.WhichOneof("type") == "selectbox" and element.selectbox.label == "Period":
                answer.choice = element.selectbox.id
            if element.WhichOneof("type") == "exception":
                answer.errors.append(element.exception.message)
            if element.WhichOneof("type") == "alert" and "fault of ours" in element.alert.body:
                answer.errors.append(element.alert.body)
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            answer.seconds = time.perf_counter() - started
            return answer


def furnish(home: Path) -> str:
    """A home with the demo workspace, and the cookie of a browser in which its user is signed in."""
    os.environ["SIGHTLINE_HOME"] = str(home)
    from core import demo
    from core.access import first_start, sessions, users
    from core.bootstrap import house, prepare

    rooms = house()
    prepare(rooms)
    demo.load(rooms)
    first_start.demo_user(rooms.app, rooms.clock())
    _, ticket = sessions.start(rooms.app, users.named(rooms.app, first_start.DEMO_NAME).id, now=rooms.clock())
    cookie = sessions.redeem(rooms.app, ticket, rooms.clock())
    assert cookie
    return cookie


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(home: Path) -> Iterator[tuple[int, Any]]:
    """The web app on a free port; its port and its process."""
    import psutil

    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with (home / "bench-web.log").open("w") as log:
        started = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "SIGHTLINE_HOME": str(home)}
        )
    try:
        _wait(f"http://localhost:{port}/_stcore/health")
        yield port, psutil.Process(started.pid)
    finally:
        started.terminate()
        started.wait(20)


def _wait(url: str, limit_s: float = 60.0) -> None:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=1)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"{url} does not answer.")


def _cpu(process: Any) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _show(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"rows": rows}))
        return
    width = max(len(row["measure"]) for row in rows)
    for row in rows:
        print(f"{row['measure']:<{width}}  {row['value']!s:>10}  {row['limit']}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", help="a home to use again; default a fresh one")
    parser.add_argument("--page", default="", help="page by its address; default the Overview")
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--think", type=float, default=10.0, help="mean seconds between clicks")
    parser.add_argument("--rounds", type=int, default=6, help="clicks a session")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
