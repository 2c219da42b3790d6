"""`--watch`: the report in a browser, made anew whenever one of its files is saved. Nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import typer

from core.base.errors import SightlineError
from core.entrypoints.cli.report_files import telling
from core.entrypoints.cli.report_files.running import Ready, Wish, built, ready
from core.entrypoints.cli.report_files.showing import Screen, serving

TICK_MS = 500
MOST_TEMPLATES = 2000
"""Files and folders below a folder of templates that are looked at: it may be a whole disk by mistake."""


class Inputs:
    """The files that a report is made of, and those of its templates, wherever its file says now that they are."""

    def __init__(self, wish: Wish) -> None:
        self._files = wish.files
        self._templates = wish.theme_dir
        self._seen = self._stamps()

    def changed(self) -> bool:
        """Whether any was saved, came or went since this was last asked."""
        before, self._seen = self._seen, self._stamps()
        return before != self._seen

    def follow(self, one: Ready) -> None:
        """Take the folder of templates from what was read just now."""
        named = one.plan.theme.theme_dir if one.plan.theme else ""
        self._templates = Path(named).expanduser() if named else None
        self._seen = {path: self._seen.get(path, stamp) for path, stamp in self._stamps().items()}

    def folders(self) -> set[Path]:
        """Those that exist: a system tells news of no other."""
        here = {path.absolute().parent for path in self._all()}
        if self._templates:
            here.add(self._templates.absolute())
        return {folder for folder in here if folder.is_dir()}

    def _stamps(self) -> dict[Path, tuple[int, int, int]]:
        """What tells that a file was saved."""
        found = {}
        for path in self._all():
            with suppress(OSError):  # gone for a moment while an editor replaces it
                state = path.stat()
                found[path] = (state.st_mtime_ns, state.st_size, state.st_ino)
        return found

    def _all(self) -> Iterator[Path]:
        yield from self._files
        if self._templates:
            below = islice(self._templates.rglob("*"), MOST_TEMPLATES)
            yield from (path for path in below if path.is_file())


def watch(wish: Wish) -> None:
    """Show the report until Ctrl-C."""
    screen, inputs = Screen(), Inputs(wish)
    with serving(screen) as url:
        typer.echo(f"The report is at {url}. It is made anew when its files are saved. Ctrl-C ends.")
        for _ in _saves(inputs):
            _remake(wish, inputs, screen)


def _remake(wish: Wish, inputs: Inputs, screen: Screen) -> None:
    """Make the report and show it; what is wrong is shown above the last one that could be made."""
    began = time.perf_counter()
    try:
        page, problems, summary = _made(wish, inputs, began)
        screen.show(page, problems, summary)
    except SightlineError as error:
        problems = error.message.split("\n")
        screen.show(None, problems, "The file cannot be run; below is the report as it was before.")
        summary = problems[0]
    typer.echo(summary)


def _made(wish: Wish, inputs: Inputs, began: float) -> tuple[bytes, list[str], str]:
    from core.reports.code.running import parcel

    one = ready(wish)
    inputs.follow(one)
    outcome = built(one, wish)
    page = parcel(one.plan, outcome).render("html").content
    failures = telling.failures(one, outcome)
    problems = [str(problem) for problem in (*failures, *one.opened.findings.warnings)]
    return page, problems, telling.summary(one, outcome, time.perf_counter() - began, dry=True)


def _saves(inputs: Inputs) -> Iterator[None]:
    """One at once, and one for each save of a file of the report or of its templates. Ends with Ctrl-C."""
    yield
    with suppress(KeyboardInterrupt):
        for _ in _ticks(inputs):
            if inputs.changed():
                yield


def _ticks(inputs: Inputs) -> Iterator[None]:
    """One soon after each change, and one now and then: what was saved before a watch began is found by its stamp."""
    from watchfiles import watch

    while True:
        # Editors replace a file instead of writing into it, so the folders are watched.
        folders = inputs.folders()
        for _ in watch(*folders, watch_filter=None, recursive=False, yield_on_timeout=True, rust_timeout=TICK_MS):
            yield
            if inputs.folders() != folders:
                break
