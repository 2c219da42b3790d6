"""A million rows as a workbook and as CSV: `python -m bench.exports [--rows 1000000] [--home FOLDER]`.

Rows are commits in the metrics store. Each file is made as the worker makes it, in a process of its own: asked for
as an export, read from the store in batches, written, kept, and read back in pieces. The process' own greatest memory
is held against 300 MB; the store is another process, as it is in use.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import filling

LIMIT_MB = 300.0
FILLED = 1.07
"""Commits for a row: merges and bots are left out of what is exported."""


def main() -> int:
    """Print every file with its time and memory; 1 if one needed more than the limit."""
    asked = argparse.ArgumentParser(prog="python -m bench.exports", description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--home", help="where to keep the rows; default a folder that is removed again")
    asked.add_argument("--make", choices=("xlsx", "csv"), help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.make:
        return _made(options.make, options.rows)
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        home = Path(options.home or folder)
        os.environ["SIGHTLINE_HOME"] = str(home)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
        words = [sys.executable, "-m", "bench.exports", "--rows", str(options.rows)]
        with filling.opened(home, int(options.rows * FILLED), 1_000):
            return max(subprocess.run([*words, "--make", fmt], check=False).returncode for fmt in ("xlsx", "csv"))


def _made(fmt: str, rows: int) -> int:
    """One file in this process, from the export that is asked for to its last piece."""
    from core.access import workspaces
    from core.bootstrap import house
    from core.exports import lists
    from core.exports import service as exports
    from core.reports import exporting

    rooms = house()
    ctx = rooms.context(next(one for one in workspaces.every(rooms.app) if one.name == filling.NAME))
    began = time.perf_counter()
    parameters = {"metric": "commits_count", "date_range": f"{filling.FIRST}..{filling.LAST}"}
    export_id = exporting.request(ctx, "rows", fmt, parameters=parameters)
    exporting.execute(rooms, ctx.workspace.id, export_id)
    took = time.perf_counter() - began
    size = sum(len(piece) for piece in exports.sending(ctx, export_id).pieces)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1_000_000
    told = exports.get(ctx, export_id)
    found = lists.long_table(ctx, told.config)[0].total
    good = told.status == "success" and told.file_size_bytes == size and found >= rows and memory <= LIMIT_MB
    print(
        f"{found:,} rows as {fmt:>4}: {took:6.1f} s, {size / 1_000_000:6.1f} MB, at most {memory:4.0f} MB of memory"
        f" (limit {LIMIT_MB:.0f} MB: {'met' if good else 'MISSED'}) {told.error or ''}",
        flush=True,
    )
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
