"""Runs of saved reports from a shell: followed while a worker makes them, or made here."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from core.entrypoints.cli.files import formats_of, write
from core.entrypoints.cli.out import opened, ready, show
from core.entrypoints.cli.saying import progress

if TYPE_CHECKING:
    from core.context import Context

TEXT = {"pending": "waiting for the worker"}
POLL_S = 0.2


def run_saved(report: str, formats: str, out: Path | None, here: bool, workspace: str, json: bool) -> None:
    from core.reports import service

    ctx = opened(workspace)
    found = service.find(ctx, report)
    wanted = formats_of(formats) or list(found.parameters.formats)
    ended = _done(ctx, found.id, here=here, quiet=json)
    files = written(ctx, ended.id, wanted, out) if ended.has_document and (out or formats) else []
    facts = {
        "run": ended.id,
        "status": ended.status,
        "seconds": ended.duration_seconds,
        "missing": list(ended.failures),
        "files": files,
        "error": ended.error,
    }
    show({name: value for name, value in facts.items() if json or value}, as_json=json, title=found.name)
    if ended.status != "success":
        raise typer.Exit(3 if ended.status == "partial" else 1)


def _done(ctx: Context, report_id: str, *, here: bool, quiet: bool) -> Any:
    """The run as it ended, made by the worker or by this process."""
    from core.reports import service

    asked = service.run_now(ctx, report_id, triggered_by="cli")
    with progress("Running", quiet=quiet) as report:
        if here:
            _run_here(ctx, asked.id, report)
        return _followed(ctx, asked.id, report)


def _worker_is_alive() -> bool:
    from core.stores.app import heartbeats

    rooms = ready()
    return bool(heartbeats.alive(rooms.app, rooms.clock()))


def _run_here(ctx: Context, run_id: str, report: Callable[[float, str], None]) -> None:
    """Run it in a thread, so that its progress can be shown."""
    import threading

    from core.reports import service

    def work() -> None:
        with contextlib.suppress(Exception):  # the run's row has the sentence, and the traceback for operators
            service.execute(ready(), ctx.workspace.id, run_id)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive():
        now = service.run(ctx, run_id)
        report(now.progress, now.progress_text)
        thread.join(POLL_S)


def _followed(ctx: Context, run_id: str, report: Callable[[float, str], None]) -> Any:
    """The run when it has ended. Whenever no worker is alive, this process takes the run as soon as it may."""
    from core.reports import service

    while (now := service.run(ctx, run_id)).status in ("pending", "running"):
        if not _worker_is_alive():
            _run_here(ctx, run_id, report)
        report(now.progress, now.progress_text or TEXT.get(now.status, ""))
        time.sleep(POLL_S)
    return now


def written(ctx: Context, run_id: str, formats: list[str], out: Path | None) -> list[str]:
    from core.reports import exporting

    return [write(exporting.download(ctx, run_id, fmt), out) for fmt in formats]
