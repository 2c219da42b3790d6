"""How files written to do harm are run: by the real command, under a limit of memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

MEBIBYTE = 1024 * 1024
MOST_MEMORY = 750 * MEBIBYTE
"""No report, however it is written, takes more."""
ADDRESS_SPACE = 6 * 1024 * MEBIBYTE
"""Beyond this the system refuses: the machine that runs the tests is safe from them, too."""
END = "-- the end of a run"
MEASURED = """
import atexit
from pathlib import Path
status = Path("/proc/self/status")
peak = lambda: next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
atexit.register(lambda: Path("peak").write_text(peak()))
from core.entrypoints.cli import main
"""
ONE = f"{MEASURED}main()"
ONE_AFTER_THE_OTHER = f"""{MEASURED}
import sys
for name in sys.argv[1:]:
    sys.argv, code = ["sightline", "report", "run", "-c", name], 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    Path(f"{{name}}.code").write_text(str(code))
    for stream in (sys.stdout, sys.stderr):
        print("{END}", file=stream, flush=True)
"""
"""The command for several files in one process: starting it costs more than most of them."""


@dataclass(frozen=True)
class Ran:
    """What became of a run."""

    code: int
    out: str
    err: str
    seconds: float
    """Of its own work: how long others keep the machine is no fault of it."""
    memory: int


Hostile = Callable[[str], Ran]


def asking(query: str, plugin: str = "table", source: str = "", **args: object) -> str:
    """A file with one view and one question, by default to SQLite in memory."""
    source = source or "{plugin: sql, args: {driver: sqlite, database: ':memory:', timeout_s: 2}}"
    told = json.dumps({"datasource": "db", "query": query, **args})
    view = f"  v: {{plugin: {plugin}, title: Lost, args: {told}}}"
    dates = "start_date: 2026-03-02\nend_date: 2026-03-09\ntimezone: UTC"
    return f"title: Hostile\n{dates}\ndatasources:\n  db: {source}\nviews:\n{view}\n"
