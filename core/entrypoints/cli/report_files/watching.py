"""`--watch`: the report in a browser, made anew whenever one of its files is saved. Nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import typer

from core.base.errors import SightlineError
from core.entrypoints.cli.report_files import telling
from core.entrypoints.cli.report_files.running import Wish, built, ready
from core.entrypoints.cli.report_files.showing import Screen, serving

TICK_MS = 500


def watch(wish: Wish) -> None:
    """Show the report until Ctrl-C."""
    screen = Screen()
    with serving(screen) as url:
        typer.echo(f"The report is at {url}. It is made anew when its files are saved. Ctrl-C ends.")
        for _ in _saves(wish):
            _remake(wish, screen)


def _remake(wish: Wish, screen: Screen) -> None:
    """Make the report and show it; what is wrong is shown above the last one that could be made."""
    began = time.perf_counter()
    try:
        page, problems, summary = _made(wish, began)
        screen.show(page, problems, summary)
    except SightlineError as error:
        problems = error.message.split("\n")
        screen.show(None, problems, "The file cannot be run; below is the report as it was before.")
        summary = problems[0]
    typer.echo(summary)


def _made(wish: Wish, began: float) -> tuple[bytes, list[str], str]:
    from core.reports.code.running import parcel

    one = ready(wish)
    outcome = built(one, wish)
    page = parcel(one.plan, outcome).render("html").content
    failures = telling.failures(one.opened, one.refused, outcome)
    problems = [str(problem) for problem in (*failures, *one.opened.findings.warnings)]
    return page, problems, telling.summary(one, outcome, time.perf_counter() - began, dry=True)


def _saves(wish: Wish) -> Iterator[None]:
    """One at once, and one for each save of a file of the report or of its templates. Ends with Ctrl-C."""
    from watchfiles import watch

    seen = _stamps(wish)
    yield
    # Editors replace a file instead of writing into it, so the folders are watched; what was
    # saved before the watch began is found by its stamp at the next tick.
    ticks = watch(*_folders(wish), watch_filter=None, recursive=False, yield_on_timeout=True, rust_timeout=TICK_MS)
    for _ in _until_interrupted(ticks):
        now = _stamps(wish)
        if now != seen:
            seen = now
            yield


def _until_interrupted(ticks: Iterator[object]) -> Iterator[object]:
    with suppress(KeyboardInterrupt):
        yield from ticks


def _files(wish: Wish) -> Iterator[Path]:
    yield from wish.files
    if wish.theme_dir:
        yield from (path for path in wish.theme_dir.rglob("*") if path.is_file())


def _folders(wish: Wish) -> set[Path]:
    return {path.absolute().parent for path in _files(wish)}


def _stamps(wish: Wish) -> dict[Path, tuple[int, int, int]]:
    """What tells that a file was saved."""
    found = {}
    for path in _files(wish):
        with suppress(OSError):  # gone for a moment while an editor replaces it
            state = path.stat()
            found[path] = (state.st_mtime_ns, state.st_size, state.st_ino)
    return found
