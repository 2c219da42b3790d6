"""Views to figures: side by side, each question asked once, a failure told in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.base.arrow import arrow
from core.base.errors import SightlineError
from core.base.fields import accepted
from core.datasources.datasource import Query
from core.datasources.desk import Desk
from core.documents.choice import ThemeChoice
from core.figures import Figure, Notice
from core.views.registry import VIEWS
from core.views.view import Face, View

THREADS = 8
Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One view of a report, as its author wrote it."""

    face: Face
    plugin: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a view."""

    face: Face
    figures: tuple[Figure, ...]
    """A notice where it failed."""
    failure: str = ""
    """The sentence of what failed; empty if all is well."""
    error: Exception | None = None
    whose: tuple[tuple[Sequence[str], Sequence[str]], ...] = ()
    """People and teams of each answer that showed individuals' numbers."""


def make(
    wanted: Sequence[Wanted],
    desk: Desk,
    theme: ThemeChoice | None = None,
    progress: Progress = lambda fraction, text: None,
    meanwhile: Callable[[], object] = arrow,
) -> list[Made]:
    """Every view drawn, in the order given. None raises. `meanwhile` is done while datasources are waited for."""
    readied = [_readied(one, desk, theme or ThemeChoice()) for one in wanted]
    views = [view for view in readied if isinstance(view, View)]
    asked = {id(view): list(_foreseen(view)) for view in views}
    desk.expect(query for queries in asked.values() for query in queries)
    short = [view for view in views if _is_short(asked[id(view)])]
    drawn: dict[int, Made] = {}
    with _stopping(ThreadPoolExecutor(min(THREADS, max(1, len(views))), thread_name_prefix="view")) as pool:
        jobs = {pool.submit(_drawn, view): id(view) for view in views if view not in short}
        meanwhile()
        jobs |= {pool.submit(_drawn, view): id(view) for view in short}
        for done, job in enumerate(as_completed(jobs), start=1):
            drawn[jobs[job]] = job.result()
            progress(done / len(jobs), f"{done} of {len(jobs)} views")
    return [drawn[id(one)] if isinstance(one, View) else one for one in readied]


@contextmanager
def _stopping(pool: ThreadPoolExecutor) -> Iterator[ThreadPoolExecutor]:
    """The pool; whoever stops the report does not wait for questions that are under way."""
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _readied(wanted: Wanted, desk: Desk, theme: ThemeChoice) -> View | Made:
    try:
        kind = VIEWS.get(wanted.plugin)
        args = accepted(kind.Args, wanted.args, f"The view '{wanted.face.id}' ({wanted.plugin})", "argument")
        return kind(wanted.face, args, desk, theme)
    except Exception as error:
        return _failed(wanted.face, error)


def _foreseen(view: View) -> Iterator[Query]:
    try:
        yield from view.queries()
    except Exception:  # draw raises it again, where it is told
        return


def _is_short(queries: Sequence[Query]) -> bool:
    """Whether only one number is asked for: such questions come last, so that a long one begins at once."""
    return bool(queries) and all(query.sums for query in queries)


def _drawn(view: View) -> Made:
    try:
        drawn = view.draw()
    except Exception as error:
        return _failed(view.face, error)
    figures = list(drawn) if isinstance(drawn, Sequence) else [drawn]
    placed = tuple(_placed(view, figure, number) for number, figure in enumerate(figures))
    return Made(view.face, placed, whose=tuple(view.whose()))


def _placed(view: View, figure: Figure, number: int) -> Figure:
    face = view.face
    heading = {"title": face.title, "description": face.description} if number == 0 else {}
    kept = {name: text for name, text in heading.items() if text or not getattr(figure, name)}
    key = face.id if number == 0 else f"{face.id}-{number + 1}"
    return figure.model_copy(
        update={"key": key, "columns": face.columns, "provenance": view.provenance() if number == 0 else [], **kept}
    )


def _failed(face: Face, error: Exception) -> Made:
    text = error.message if isinstance(error, SightlineError) else f"{type(error).__name__}: {error}"
    blamed = isinstance(error, SightlineError) and error.fault == "user"
    level = "warning" if blamed else "error"
    notice = Notice(key=face.id, title=face.title or face.id, columns=face.columns, level=level, text=text)
    return Made(face, (notice,), f"{face.title or face.id}: {text}", error)
