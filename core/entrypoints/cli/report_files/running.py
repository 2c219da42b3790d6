"""Run a report file: ask, draw, send, and say what became of each part."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from core.base import machine
from core.entrypoints.cli.report_files import telling

if TYPE_CHECKING:
    from core.context import Context
    from core.reports.code.problems import Problem
    from core.reports.code.reading import Opened
    from core.reports.code.running import Outcome
    from core.reports.plan import ReportPlan

PARTIAL = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person at the command line asked for."""

    files: list[Path]
    start: str = ""
    end: str = ""
    theme_dir: Path | None = None
    strict: bool = False
    verbose: int = 0
    json: bool = False
    workspace: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A report that can be run."""

    plan: ReportPlan
    opened: Opened
    refused: list[Problem]
    """What the kinds of its parts refuse; the rest can be made all the same."""


def ready(wish: Wish) -> Ready:
    """Read the files and plan the report; BadFile if they cannot be run."""
    from core.reports.code.compiling import compiled
    from core.reports.code.problems import BadFile
    from core.reports.code.reading import opened

    read = opened(wish.files)
    read.certain(strict=wish.strict)
    file, refused = read.checked()
    if wish.strict and refused:
        raise BadFile(refused)
    if wish.theme_dir:
        file = file.model_copy(update={"theme": file.theme.model_copy(update={"theme_dir": str(wish.theme_dir)})})
    return Ready(compiled(file, start=wish.start, end=wish.end), read, refused)


def built(ready: Ready, wish: Wish, *, dry: bool = True) -> Outcome:
    """Ask and draw everything; unless it is `dry`, to be sent."""
    from core.entrypoints.cli.saying import progress
    from core.reports.code.running import built

    zone = ready.plan.window.time_zone or machine.zone()
    with progress(ready.plan.title, quiet=wish.json) as report:
        return built(ready.plan, machine.now(), zone, house(wish.workspace), report, dry=dry)


def house(workspace: str) -> Callable[[], Context]:
    """Opens this installation's own stores, when a report asks for one of its metrics, widgets or connections."""

    first = Lock()

    @cache
    def once() -> Context:
        from core.entrypoints.cli.out import opened

        return opened(workspace)

    def opened() -> Context:
        with first:  # views ask from several threads, and the stores are prepared by one
            return once()

    return opened


def run(wish: Wish, *, dry: bool, lenient: bool) -> int:
    """The exit code: 0 if all is well, 3 if a part failed, unless `lenient`."""
    from core.reports.code.running import sent

    began = time.perf_counter()
    if wish.verbose > 1:
        from core.base import logs

        logs.configure("DEBUG", process="cli")
    one = ready(wish)
    telling.warnings(one.opened, quiet=wish.json)
    outcome = built(one, wish, dry=dry)
    if not dry:
        outcome = replace(outcome, sent=sent(one.plan, outcome, house(wish.workspace)))
    failures = telling.failures(one, outcome)
    telling.outcome(one, wish, outcome, failures, time.perf_counter() - began, dry=dry)
    return PARTIAL if failures and not lenient else 0
