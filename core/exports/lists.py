"""Lists whose every row can be asked for as a file: the rows behind a number, pull requests, deployments, milestones.

What is wanted is kept with the export as JSON; the worker asks the list again with the rights of whoever wanted it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.base.errors import BadInput, did_you_mean
from core.base.period import zone_of
from core.catalogue import METRICS, milestones, pulls, shipping
from core.catalogue import service as catalogue
from core.catalogue.evidence import Rows
from core.catalogue.scope import Scope
from core.components import service as components
from core.context import Capability, Context
from core.documents.document import DEMO, file_stem
from core.documents.long import LONG, LongTable
from core.people import service as people


class Wanted(BaseModel):
    """Which list, about what, cut down by what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: str
    """Key of `LISTS`."""
    scope: Scope
    metric: str = ""
    """Whose rows; of the list 'metric'."""
    words: str = ""
    only: str = ""
    """What the list's own filter is set to."""
    states: tuple[str, ...] = ()
    order: str = "at"
    milestone: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class RowList:
    """One of the lists."""

    label: str
    rows: Callable[[Context, Wanted], Rows]
    individual: bool = True
    """Whether its rows are of individuals: then not everybody who may export may have them."""


LISTS = {
    "metric": RowList("Rows behind a number", lambda ctx, one: catalogue.every_row(ctx, one.metric, one.scope)),
    "pulls": RowList(
        "Pull requests",
        lambda ctx, one: pulls.every(ctx, one.scope, pulls.Wish(one.words, one.states, one.order, one.milestone)),
    ),
    "deployments": RowList(
        "Deployments", lambda ctx, one: shipping.every_deployment(ctx, one.scope, one.words, one.only), individual=False
    ),
    "left": RowList("Merged, not deployed", lambda ctx, one: shipping.every_left(ctx, one.scope, one.words, one.only)),
    "milestones": RowList(
        "Milestones", lambda ctx, one: milestones.every_milestone(ctx, one.scope, one.words, one.only), individual=False
    ),
}


def checked(wanted: Wanted) -> Wanted:
    """What is wanted, if there is such a list and such a metric; BadInput or NotFound with the nearest name if not."""
    if wanted.of not in LISTS:
        raise BadInput(f"There is no list '{wanted.of}'.{did_you_mean(wanted.of, LISTS)} Choose of {', '.join(LISTS)}.")
    if wanted.of == "metric":
        METRICS.get(wanted.metric)
    return wanted


def config(wanted: Wanted) -> dict[str, Any]:
    """What is wanted, as an export keeps it: whom it is about stands beside, where exports look for it."""
    about = {"people": list(wanted.scope.person_ids), "teams": list(wanted.scope.team_ids)}
    return {"wanted": wanted.model_dump(mode="json"), **about}


def long_table(ctx: Context, kept: dict[str, Any]) -> tuple[LongTable, bool]:
    """The list as a table that a file can be written of, and whether it is about individuals."""
    wanted = checked(Wanted.model_validate(kept["wanted"]))
    scope = wanted.scope
    now = people.current_ids(ctx, scope.person_ids) if scope.person_ids else {}
    same = tuple(dict.fromkeys(now.get(one, one) for one in scope.person_ids))
    wanted = wanted.model_copy(update={"scope": replace(scope, person_ids=same)})
    found = LISTS[wanted.of].rows(ctx, wanted)
    return written(ctx, wanted, found), LISTS[wanted.of].individual


def content(ctx: Context, wanted: Wanted, fmt: str) -> bytes:
    """A file of every row, made now: for lists that are known to be short."""
    ctx.require(Capability.EXPORT)
    ctx.require(Capability.VIEW_DASHBOARDS)
    out = io.BytesIO()
    table, _ = long_table(ctx, config(checked(wanted)))
    LONG.get(fmt).write(table, out, lambda rows: None)
    return out.getvalue()


def file_name(ctx: Context, wanted: Wanted, fmt: str) -> str:
    """What that file is called."""
    return f"{_stem(ctx, wanted)}{LONG.get(fmt).suffix}"


def written(ctx: Context, wanted: Wanted, found: Rows) -> LongTable:
    """Rows as a long table that says what it is."""
    days = _days(wanted)
    return LongTable(
        found.title, found.columns, found.batches, found.total, tuple(_about(ctx, wanted, days)),
        _stem(ctx, wanted), ctx.workspace.is_demo,
    )  # fmt: skip


def _stem(ctx: Context, wanted: Wanted) -> str:
    return file_stem(f"{_name(wanted)} {_days(wanted)}", is_demo=ctx.workspace.is_demo)


def _name(wanted: Wanted) -> str:
    return METRICS.get(wanted.metric).label if wanted.of == "metric" else LISTS[wanted.of].label


def _days(wanted: Wanted) -> str:
    scope = wanted.scope
    if wanted.of == "milestones":
        return ""
    return scope.period.label(scope.time_zone) if scope.period else "all time"


def _about(ctx: Context, wanted: Wanted, days: str) -> Iterator[tuple[str, str]]:
    yield "Workspace", ctx.workspace.name
    if days:
        yield "Period", f"{days} ({wanted.scope.time_zone})"
    yield "About", _whom(ctx, wanted.scope)
    if wanted.of == "metric":
        yield "Number", METRICS.get(wanted.metric).about
    cut = [f"'{wanted.words}'"] if wanted.words else []
    if cut := [*cut, *filter(None, [wanted.only]), *wanted.states]:
        yield "Only", ", ".join(cut)
    yield "Made at", f"{ctx.clock().astimezone(zone_of(ctx.workspace.time_zone)):%-d %b %Y, %H:%M}"
    if ctx.actor.name:
        yield "With the rights of", ctx.actor.name
    if ctx.workspace.is_demo:
        yield "Demo", DEMO


def _whom(ctx: Context, scope: Scope) -> str:
    known: tuple[tuple[tuple[str, ...], Callable[[], dict[str, str]]], ...] = (
        (scope.team_ids, lambda: {team.id: team.name for team in people.teams(ctx)}),
        (scope.person_ids, lambda: people.names(ctx)),
        (scope.repo_ids, lambda: {repo.id: repo.name for repo in catalogue.repositories(ctx)}),
        (scope.component_ids, lambda: components.names(ctx)),
    )
    said = [", ".join(names().get(one, one) for one in ids) for ids, names in known if ids]
    return " · ".join([*said, *filter(None, [scope.folder])]) or f"everybody in {ctx.workspace.name}"
