"""A report of ten parts and its narrative, warm in the worker, beside KPI Reporter: `python -m bench.ten_parts`.

Four charts, three tables, three numbers and a narrative over the demo workspace become HTML, PDF and XLSX: from the
run that was asked for to the kept files, in a process that made one before. Every round is about other days, so that
no answer is remembered. The peer makes as many parts of these kinds over as many rows as the demo has, as HTML alone.
Where Python 3.8 is on PATH it runs here, in turns; else the limit is what it took on another machine of two cores,
between its reports of four and of twelve parts, and that is said.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import reports as files
from bench.ingest import sightline

if TYPE_CHECKING:
    from core.bootstrap import House
    from core.context import Context

LIMIT_S = 2.0
TIMES_FASTER = 5.0
ROWS = 125_000
"""Of the demo workspace: commits and their files, pull requests and all that happened to them, deployments."""
FORMATS = ["html", "pdf", "xlsx"]
MEASURED_S = files.MEASURED["twelve"] - (files.MEASURED["twelve"] - files.MEASURED["four, 1,000 rows"]) / 4
"""Seconds of the original for ten parts: on the line between four and twelve, which were measured."""
CHARTS = ("commits_count", "prs_merged", "avg_pr_cycle_time_hours", "avg_time_to_first_review_hours")
NUMBERS = ("commits_count", "prs_merged", "deployment_frequency")
TABLES: tuple[dict[str, Any], ...] = (
    {"widget": "metric.table", "params": {"metrics": list(CHARTS), "by": "team"}},
    {"widget": "metric.table", "params": {"metrics": list(CHARTS), "by": "repo"}},
    {"widget": "pulls.open", "params": {"limit": 20}},
)


def main() -> int:
    """Print both and whether the limits were met; 1 if one was not."""
    asked = argparse.ArgumentParser(prog="python -m bench.ten_parts", description=__doc__)
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--home", help="a home with the demo workspace; default one that is made for this")
    asked.add_argument("--alone", action="store_true", help="do not run the original, even if it can be")
    options = asked.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        os.environ["SIGHTLINE_HOME"] = options.home or folder
        subprocess.run(sightline("demo", "load"), check=True, stdout=subprocess.DEVNULL)
        return _verdict(list(_rounds(options.rounds, None if options.alone else _peer(Path(folder)))))


def _rounds(rounds: int, peer: Callable[[], float] | None) -> Iterator[tuple[float, float | None]]:
    """Seconds of both, in turns; the first of each warms the process and the disk's cache."""
    from core.access import workspaces
    from core.bootstrap import house
    from core.reports import service

    rooms = house()
    ctx = rooms.context(workspaces.find(rooms.app, "demo"))
    report = service.create(ctx, "Bench", {"formats": FORMATS}, plan=_plan(ctx, 0))
    for number in range(rounds + 1):
        service.update(ctx, report.id, plan=_plan(ctx, number))
        both = _once(rooms, ctx, report.id), peer() if peer else None
        if number:
            yield both
    service.delete(ctx, report.id)


def _once(rooms: House, ctx: Context, report_id: str) -> float:
    from core.exports import service as exports
    from core.reports import service

    run = service.run_now(ctx, report_id)
    began = time.perf_counter()
    service.execute(rooms, ctx.workspace.id, run.id)
    took = time.perf_counter() - began
    kept = {one.format for one in exports.exports(ctx, run_id=run.id) if one.status == "success"}
    if kept != set(FORMATS):
        raise SystemExit(f"The run kept {sorted(kept)}: {service.run(ctx, run.id).error}")
    return took


def _plan(ctx: Context, number: int) -> dict[str, Any]:
    """Ten parts and a narrative over thirty days that end `number` days ago."""
    last = ctx.clock().date() - timedelta(days=1 + number)
    days = f"{last - timedelta(days=29)}..{last}"
    stats = [{"widget": "metric.stat", "params": {"metric": key}, "columns": 2} for key in NUMBERS]
    charts = [{"widget": "metric.trend", "params": {"metric": key, "compare": True}, "columns": 3} for key in CHARTS]
    parts: list[dict[str, Any]] = [{"kind": "narrative"}, *stats, *charts, *TABLES]
    return {"title": "Bench", "window": {"range": days}, "sections": [{"title": "All", "blocks": parts}]}


def _peer(folder: Path) -> Callable[[], float] | None:
    """What runs the original on ten parts, as HTML, and tells its seconds; None where it cannot run here."""
    original = files.the_original()
    if original is None:
        return None
    views = files.views(0) | files.views(1) | files.views(2)
    kept = {name: view for name, view in views.items() if name not in ("line2", "bars2")}
    days = ["-s", f"{files.START:%Y-%m-%d}", "-e", f"{files.START + timedelta(days=files.DAYS):%Y-%m-%d}"]
    file = files.written(files.Case("ten parts", ROWS, kept), folder)
    return lambda: files.run([str(original), "-c", str(file), *days], folder).seconds


def _verdict(found: list[tuple[float, float | None]]) -> int:
    ours = [mine for mine, _ in found]
    theirs = [other if other is not None else MEASURED_S for _, other in found]
    median, faster = statistics.median(ours), statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
    where = "on another machine of two cores" if found[0][1] is None else "here"
    met = median < LIMIT_S and faster >= TIMES_FASTER
    print(
        f"ten parts and a narrative to HTML, PDF and XLSX: {median:.2f} s ({min(ours):.2f} to {max(ours):.2f}), limit"
        f" {LIMIT_S:g} s; the original to HTML alone, {where}: {statistics.median(theirs):.2f} s; {faster:.1f} × as"
        f" fast, at least {TIMES_FASTER:g} ×: {'met' if met else 'MISSED'}",
        flush=True,
    )
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
