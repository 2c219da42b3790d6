"""The embedded metrics store: chDB in a small process of its own, behind ClickHouse's HTTP interface on loopback.

chDB lets one process open a folder, and web app, worker and commands all need it
at once; so they all speak HTTP to this one, exactly as to a server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from core.base.errors import StoreUnreachable

START_LIMIT_S = 60
IDLE_EXIT_S = 60
_started: list[subprocess.Popen[bytes]] = []
"""Held, since it outlives the command on purpose and Python warns of a child that is dropped while it runs."""


def address(home: Path, *, start: bool = True) -> str:
    """The URL of the embedded store of `home`, starting it if nobody has.

    One started here stops by itself after a minute without a request; `sightline up`
    keeps one running by asking after its health.
    """
    found = running(home)
    if found or not start:
        if found:
            return found
        raise StoreUnreachable("The embedded metrics store is not running. Start it with `sightline up`.")
    _started.append(launch(home, idle_s=IDLE_EXIT_S))
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if found := running(home):
            return found
        time.sleep(0.02)
    raise StoreUnreachable(f"The embedded metrics store did not start. Its log is {home / 'run' / 'metrics.log'}.")


def running(home: Path) -> str | None:
    """The URL if the store of `home` answers, else None."""
    try:
        card = json.loads((home / "run" / "metrics.json").read_text())
    except (OSError, ValueError):
        return None
    port, secret = card["port"], card["secret"]
    request = urllib.request.Request(f"http://127.0.0.1:{port}/ping", headers={"X-ClickHouse-Key": secret})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=2) as reply:
            return f"clickhouse://sightline:{secret}@127.0.0.1:{port}/default" if reply.status == 200 else None
    except (urllib.error.URLError, OSError):
        return None


def launch(home: Path, *, idle_s: int = 0) -> subprocess.Popen[bytes]:
    """Start the store's process. `idle_s` 0 keeps it until it is stopped."""
    run_dir = home / "run"
    run_dir.mkdir(parents=True, exist_ok=True)
    with (run_dir / "metrics.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "core.stores.metrics.embedded.server", str(home.resolve()), str(idle_s)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=Path(__file__).resolve().parents[4],
            env={**os.environ, "TZ": "UTC"},
        )
