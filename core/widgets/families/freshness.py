"""What is collected, from where, and up to when it is complete."""

from __future__ import annotations

from datetime import datetime

from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import Column, Scalar, State, Table
from core.widgets.focus import namer
from core.widgets.widget import Params, Widget

NAMES = {
    "pr_commits": "Commits in pull requests",
    "commit_files": "Files of commits",
    "line_changes": "Ages of changed lines",
    "tree_files": "Files that are there",
}


def build(ctx: Context, scope: Scope, params: Params) -> Table:
    name = namer(ctx, "repo")
    feeds = [feed for feed in catalogue.feeds(ctx) if not scope.repo_ids or feed.repo_id in scope.repo_ids]
    by_kind: dict[tuple[str, str], list[tuple[str, datetime | None, bool]]] = {}
    for feed in feeds:
        by_kind.setdefault((feed.fact, feed.source), []).append(
            (name(feed.repo_id), feed.complete_until, feed.is_approximate)
        )
    rows = [_row(fact, source, found) for (fact, source), found in sorted(by_kind.items())]
    return Table(
        title=params.title or "What is collected",
        description="Each kind of data by its source. The repository that lags most says up to when all is complete.",
        cols=[
            Column(key="fact", label="Data"),
            Column(key="source", label="From"),
            Column(key="repositories", label="Repositories", kind="integer"),
            Column(key="until", label="Complete until", kind="moment"),
            Column(key="remark", label="Remark"),
        ],
        rows=rows,
        state=State.MEASURED if rows else State.NOT_COLLECTED,
        state_text="" if rows else "Nothing is collected yet. Add a repository on the page Sources.",
    )


def _row(fact: str, source: str, found: list[tuple[str, datetime | None, bool]]) -> list[Scalar]:
    """The oldest watermark counts: a total is only complete up to the repository that lags most."""
    read = [until for _, until, _ in found if until]
    unread = [name for name, until, _ in found if not until]
    remarks = []
    if any(approximate for *_, approximate in found):
        remarks.append("told by git alone, so in part")
    if unread:
        remarks.append(f"not read yet: {', '.join(unread[:3])}{' …' if len(unread) > 3 else ''}")
    return [
        NAMES.get(fact, fact.replace("_", " ").capitalize()),
        source,
        len(found),
        min(read) if read else None,
        "; ".join(remarks).capitalize() or None,
    ]


WIDGET = Widget(
    key="data.freshness",
    title="What is collected",
    about="Each kind of data, where it comes from, and up to when it is complete.",
    shape="table",
    params=Params,
    build=build,
)
