"""What is collected of how much, and how far sources and snapshots lag behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.access import insights
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.catalogue.service import FeedView
from core.context import Context
from core.figures import Cell, Column, State, Table
from core.snapshots import service as snapshots
from core.widgets.families.freshness import NAMES
from core.widgets.widget import Params, Widget

HOUR = timedelta(hours=1)
STATUSES = {"final": "final", "running": "runs still", "dirty": "to be made again", "missing": "missing"}


def completeness(ctx: Context, scope: Scope, params: Params) -> Table:
    """A row a kind of data: how many repositories feed it, how many only in part, and what lacks without it."""
    repos = [one.id for one in catalogue.repositories(ctx) if not scope.repo_ids or one.id in scope.repo_ids]
    fed = _by_fact(ctx, repos)
    rows = [_complete(fact, fed.get(fact, []), len(repos)) for fact in _needed()]
    return Table(
        title=params.title or "How complete the data are",
        description="Repositories with data of each kind among all, as their sources tell it; each is counted once.",
        cols=[
            Column(key="fact", label="Data"),
            Column(key="fed", label="Repositories that have it", kind="integer"),
            Column(key="of", label="Of", kind="integer"),
            Column(key="share", label="Share", kind="percent"),
            Column(key="partly", label="Told in part", kind="integer", help="By git alone."),
            Column(key="metrics", label="Metrics that need it", kind="integer"),
        ],
        rows=rows if repos else [],
        state=State.MEASURED if repos else State.NOT_COLLECTED,
        state_text="" if repos else "Nothing is collected yet. Add a repository on the page Sources.",
    )


def lag(ctx: Context, scope: Scope, params: Params) -> Table:
    """A row a repository and source: up to when it is complete, and how late that is."""
    late_after, now = insights.settings(ctx).stale_days, ctx.clock()
    found: dict[tuple[str, str], list[datetime | None]] = {}
    for feed in catalogue.feeds(ctx):
        if not scope.repo_ids or feed.repo_id in scope.repo_ids:
            found.setdefault((feed.repo, feed.source), []).append(feed.complete_until)
    rows = [_lag(repo, source, marks, now, late_after) for (repo, source), marks in found.items()]
    rows.sort(key=lambda row: (row[4] is not None, -float(row[4] or 0), str(row[0])))  # type: ignore[arg-type]
    return Table(
        title=params.title or "How late sources are",
        description="From the moment up to which a source was read whole until now.",
        note=f"A source is late after {late_after:g} days without new data. The oldest kind of data counts.",
        cols=[
            Column(key="repo", label="Repository"),
            Column(key="source", label="From"),
            Column(key="kinds", label="Kinds of data", kind="integer"),
            Column(key="until", label="Complete until", kind="moment"),
            Column(key="lag", label="Behind by", kind="hours"),
            Column(key="state", label="State"),
        ],
        rows=rows,
        state=State.MEASURED if rows else State.NOT_COLLECTED,
        state_text="" if rows else "Nothing is collected yet. Add a repository on the page Sources.",
    )


def kept(ctx: Context, scope: Scope, params: Params) -> Table:
    """A row a length: how its periods stand, and when the newest was made."""
    rows: list[list[Cell]] = [
        [
            str(line["period_type"]).capitalize(),
            *(line[name] for name in STATUSES),
            line["rows"],
            line["last_generated"],
        ]
        for line in snapshots.summary(ctx)
    ]
    there = any(row[-1] for row in rows)
    return Table(
        title=params.title or "How fresh snapshots are",
        description="Periods of each length: those that are over and kept, those that run still, and those to be made.",
        cols=[
            Column(key="kind", label="Length"),
            *(Column(key=name, label=words.capitalize(), kind="integer") for name, words in STATUSES.items()),
            Column(key="rows", label="Rows", kind="integer"),
            Column(key="made", label="Made last", kind="moment"),
        ],
        rows=rows if there else [],
        state=State.MEASURED if there else State.NO_DATA,
        state_text="" if there else "No snapshot was made yet: the worker makes them once something was collected.",
    )


def _needed() -> list[str]:
    return list(dict.fromkeys(need for metric in METRICS for need in metric.needs))


def _by_fact(ctx: Context, repos: Sequence[str]) -> dict[str, list[FeedView]]:
    fed: dict[str, list[FeedView]] = {}
    for feed in catalogue.feeds(ctx):
        if feed.repo_id in repos and feed.complete_until:
            fed.setdefault(feed.fact, []).append(feed)
    return fed


def _complete(fact: str, feeds: Sequence[FeedView], of: int) -> list[Cell]:
    whole = {feed.repo_id for feed in feeds if not feed.is_approximate}
    there = {feed.repo_id for feed in feeds}
    needing = sum(fact in metric.needs for metric in METRICS)
    name = NAMES.get(fact, fact.replace("_", " ").capitalize())
    return [name, len(there), of, len(there) / of if of else None, len(there - whole), needing]


def _lag(repo: str, source: str, marks: list[datetime | None], now: datetime, late_after: float) -> list[Cell]:
    read = [mark for mark in marks if mark]
    if len(read) < len(marks):
        return [repo, source, len(marks), min(read, default=None), None, "not read yet"]
    behind = now - min(read)
    state = "late" if behind > timedelta(days=late_after) else "fresh"
    return [repo, source, len(marks), min(read), max(behind / HOUR, 0.0), state]


COMPLETE_WIDGET = Widget(
    key="data.completeness",
    title="Completeness of data",
    about="Each kind of data: how many repositories feed it, how many only in part, how many metrics need it.",
    shape="table",
    params=Params,
    build=completeness,
)
LAG_WIDGET = Widget(
    key="data.lag",
    title="Lag of sources",
    about="Each repository and source: up to when it is complete, and how late that is.",
    shape="table",
    params=Params,
    build=lag,
)
KEPT_WIDGET = Widget(
    key="data.snapshots",
    title="Freshness of snapshots",
    about="How the periods of each length stand, and when the newest was made.",
    shape="table",
    params=Params,
    build=kept,
)
