"""`--watch`: the report in a browser, made anew whenever one of its files is saved. Nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import typer

from core.base.errors import SightlineError
from core.entrypoints.cli.report_files import telling
from core.entrypoints.cli.report_files.running import Wish, built, ready
from core.entrypoints.cli.report_files.showing import Screen, serving


def watch(wish: Wish) -> None:
    """Show the report until Ctrl-C."""
    screen = Screen()
    with serving(screen) as url:
        _remake(wish, screen)
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


def _saves(wish: Wish) -> Iterator[object]:
    """One for each save of a file of the report or of its templates. Ends with Ctrl-C."""
    from watchfiles import watch

    files = {path.resolve() for path in wish.files}
    templates = wish.theme_dir.resolve() if wish.theme_dir else None

    def ours(change: object, path: str) -> bool:
        place = Path(path).resolve()
        return place in files or bool(templates and templates in place.parents)

    # Editors replace a file instead of writing into it, so the folder is watched.
    folders = {path.parent for path in files}
    if templates:
        folders |= {templates, *(path for path in templates.rglob("*") if path.is_dir())}
    return watch(*folders, watch_filter=ours, recursive=False, debounce=200, step=50)
