"""Lines for whoever runs a command, and how far it is. Imports nothing that a short command could do without."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def say(line: str, *, err: bool = False) -> None:
    """A line on standard output, or on standard error."""
    print(line, file=sys.stderr if err else sys.stdout, flush=True)


@contextmanager
def progress(label: str, *, quiet: bool = False) -> Iterator[Callable[[float, str], None]]:
    """A progress bar on stderr; the block gets `report(fraction, text)`. Nothing is drawn for machines."""
    if quiet or not sys.stderr.isatty():
        yield lambda fraction, text: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=1.0)

        def report(fraction: float, text: str = "") -> None:
            bar.update(task, completed=fraction, description=f"{label} {text}".strip())

        yield report
