"""`sightline worker`: only the worker."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from core.base.settings import settings

app = typer.Typer(invoke_without_command=True)


@app.callback()
def worker(
    threads: Annotated[int, typer.Option(min=0, max=64, help="How many jobs at once; default SIGHTLINE_WORKERS.")] = 0,
) -> None:
    """Run the worker until Ctrl-C or SIGTERM: reports, exports, imports, snapshots, mails, schedules.

    `sightline up` starts one by itself. Start more of them, on this machine or on others, when all of them
    use one PostgreSQL (SIGHTLINE_DATABASE_URL), one ClickHouse (SIGHTLINE_METRICS_URL) and one Redis
    (SIGHTLINE_QUEUE_URL). SIGTERM lets running jobs end; a job that is cut off is done again by another worker.
    """
    if threads:
        os.environ["SIGHTLINE_WORKERS"] = str(threads)
    home = settings().home.resolve()
    typer.echo(f"The worker runs with the data in {home}. Ctrl-C stops it.", err=True)
    sys.stdout.flush()
    # The worker is a program of its own: its signals and threads have no place in a command's process.
    os.execv(sys.executable, [sys.executable, "-m", "jobs.worker"])  # noqa: S606 - this interpreter, no shell
