"""Report files from process start to files on disk, beside KPI Reporter: `python -m bench.reports`.

Five cases over a seeded SQLite database: an empty report, four views on aggregates of
1,000 and of 1,000,000 rows, twelve views, and three views over 1,000,000 raw rows.
Where Python 3.8 is on PATH the original is installed into an environment of its own
(it runs on no newer one) and both take turns; else the limit is a fifth of what the
original took on another machine of two cores, and that is said.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bench.ingest import Run, sightline

START = datetime(2026, 3, 2)  # noqa: DTZ001 - wall time, as the database keeps it
DAYS = 7
KINDS = ("web", "mobile", "api")
TIMES_FASTER = 5.0
MEMORY_MIB = 250.0
"""Of the case with raw rows."""

MEASURED = {"empty": 2.8, "four, 1,000 rows": 3.2, "four, 1,000,000 rows": 5.7, "twelve": 8.4, "raw rows": 15.0}
"""Seconds that the original took on a busy machine of two cores with Python 3.8: where none is at hand to ask."""

PLUGINS = ("googleanalytics", "jenkins", "plot", "prometheus", "s3", "scp", "sendgrid", "slack", "smtp", "sql",
           "static", "table", "twitter")  # fmt: skip
ORIGINAL = (
    "kpireport", *(f"kpireport-{name}" for name in PLUGINS),
    "jinja2<3.1", "markupsafe<2.1", "pandas<2", "matplotlib<3.6",
)  # fmt: skip
"""The original with every plugin of its image, as ours comes with every kind, and the newest libraries it runs with."""


@dataclass(frozen=True)
class Case:
    """One report."""

    name: str
    rows: int
    views: dict[str, Any]


def main() -> int:
    """Print every case and whether its limit was met; 1 if one was not."""
    asked = argparse.ArgumentParser(prog="python -m bench.reports", description=__doc__)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--alone", action="store_true", help="do not run the original, even if it can be")
    options = asked.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    original = None if options.alone else the_original()
    if original is None:
        print("No Python 3.8 to run the original: its times are those measured on another machine of two cores.")
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        found = [_measured(case, Path(folder), options.rounds, original) for case in _cases()]
    return int(not all(found))


def _cases() -> Iterator[Case]:
    four = views(0)
    yield Case("empty", 1_000, {})
    yield Case("four, 1,000 rows", 1_000, four)
    yield Case("four, 1,000,000 rows", 1_000_000, four)
    yield Case("twelve", 1_000, views(0) | views(1) | views(2))
    yield Case("raw rows", 1_000_000, _raw())


def views(number: int) -> dict[str, Any]:
    """A line, bars by kind, a number with its comparison, a table; `number` makes their queries differ."""
    where = f"where value >= {number}"
    by_hour = f"select substr(time, 1, 13) || ':00:00' as time, sum(value) as total from events {where} group by 1"
    by_day = f"select substr(time, 1, 10) as time, count(*) as events, kind from events {where} group by 1, 3"
    table = f"select kind, count(*) as events, avg(value) as mean from events {where} group by kind order by kind"
    dates = {"parse_dates": ["time"]}
    return {
        f"line{number}": _view("plot", "Total by hour", by_hour, query_args=dates),
        f"bars{number}": _view("plot", "Events a day", by_day, query_args=dates, kind="bar", groupby="kind"),
        f"stat{number}": _view(
            "single_stat",
            "Events",
            f"select count(*) from events {where}",
            comparison_query=f"select count(*) from events {where} and kind = 'web'",
            comparison_type="percent",
        ),
        f"table{number}": _view("table", "By kind", table),
    }


def _raw() -> dict[str, Any]:
    dates = {"parse_dates": ["time"]}
    return {
        "line": _view("plot", "Every value", "select time, value from events", query_args=dates),
        "stat": _view("single_stat", "Sum", "select value from events"),
        "table": _view("table", "Rows", "select time, value, kind from events"),
    }


def _view(plugin: str, title: str, query: str, **args: Any) -> dict[str, Any]:
    return {"plugin": plugin, "title": title, "args": {"datasource": "db", "query": query, **args}}


def _measured(case: Case, folder: Path, rounds: int, original: Path | None) -> bool:
    file = written(case, folder)
    days = ["-s", f"{START:%Y-%m-%d}", "-e", f"{START + timedelta(days=DAYS):%Y-%m-%d}"]
    ours_words = sightline("report", "run", "-c", str(file), *days)
    ours, theirs = [], []
    for number in range(rounds + 1):
        mine = run(ours_words, folder)
        other = run([str(original), "-c", str(file), *days], folder) if original else None
        if number:  # the first of each warms the disk's cache
            ours.append(mine)
            theirs.append(other.seconds if other else MEASURED[case.name])
    return _verdict(case, ours, theirs)


def _verdict(case: Case, ours: list[Run], theirs: list[float]) -> bool:
    faster = statistics.median(b / a.seconds for a, b in zip(ours, theirs, strict=True))
    memory = max(run.memory for run in ours)
    heavy = case.name == "raw rows"
    good = faster >= TIMES_FASTER and (not heavy or memory <= MEMORY_MIB)
    limit = f", at most {MEMORY_MIB:.0f} MiB" if heavy else ""
    print(
        f"{case.name:>22}: {statistics.median(run.seconds for run in ours):6.2f} s"
        f" ({statistics.median(run.cpu for run in ours):5.2f} CPU, {memory:4.0f} MiB),"
        f" the original {statistics.median(theirs):6.2f} s: {faster:5.1f} × as fast,"
        f" at least {TIMES_FASTER:g} ×{limit}: {'met' if good else 'MISSED'}",
        flush=True,
    )
    return good


def run(words: list[str], folder: Path) -> Run:
    """One command to its end, by the system's own account: wall and CPU seconds, and the most memory it held."""
    environment = {**os.environ, "SIGHTLINE_HOME": str(folder / "home"), "MPLBACKEND": "agg"}
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(words, env=environment, cwd=folder, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(said.read().decode())
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, "")


def written(case: Case, folder: Path) -> Path:
    database = folder / f"events-{case.rows}.db"
    if not database.exists():
        _seed(database, case.rows)
    told = {
        "title": f"Bench: {case.name}",
        "datasources": {"db": {"plugin": "sql", "args": {"driver": "sqlite", "database": str(database)}}},
        "views": case.views,
        "outputs": {"files": {"plugin": "static", "args": {"output_dir": str(folder / "out")}}},
    }
    file = folder / f"{case.name.replace(' ', '-').replace(',', '')}.yaml"
    file.write_text(yaml.safe_dump(told, sort_keys=False))
    return file


def _seed(database: Path, rows: int) -> None:
    """`rows` events over the week, the same ones each time."""
    chance = random.Random(20260302)
    step = timedelta(days=DAYS) / rows
    with sqlite3.connect(database) as connection:
        connection.execute("create table events (time text, value real, kind text)")
        connection.executemany("insert into events values (?, ?, ?)", _events(rows, step, chance))
    connection.close()


def _events(rows: int, step: timedelta, chance: random.Random) -> Iterator[tuple[str, float, str]]:
    for number in range(rows):
        yield f"{START + number * step:%Y-%m-%d %H:%M:%S}", round(chance.gauss(100, 15), 2), chance.choice(KINDS)


def the_original() -> Path | None:
    """The original's command, installed once; None where it cannot be."""
    python = _python38()
    if python is None:
        return None
    home = Path(tempfile.gettempdir()) / "sightline-bench-peers" / "kpireport"
    if not (home / "ready-with-all").exists():
        try:
            subprocess.run([python, "-m", "venv", str(home)], check=True)
            pip = [str(home / "bin" / "python"), "-m", "pip", "install", "-q", *ORIGINAL]
            subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
        except subprocess.CalledProcessError:
            return None
        (home / "ready-with-all").touch()
    return home / "bin" / "kpireport"


def _python38() -> str | None:
    places = [shutil.which("python3.8"), *Path.home().glob(".pyenv/versions/3.8*/bin/python3.8")]
    for place in filter(None, map(str, filter(None, places))):
        if subprocess.run([place, "-c", "pass"], check=False, capture_output=True).returncode == 0:
            return place
    return None


if __name__ == "__main__":
    sys.exit(main())
