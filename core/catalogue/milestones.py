"""Milestones: what is planned for when, and how far it is. They are of repositories, and of no person."""

from __future__ import annotations

from dataclasses import replace

from core.base.errors import NotFound
from core.catalogue.evidence import Rows
from core.catalogue.facts import LINK, NUMBER, REPO, TITLE
from core.catalogue.listing import MOST, Asked, List, Listed, every, listed, worded
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.figures import Column

STATES = {"open": "Open", "overdue": "Overdue", "closed": "Closed"}
_WHERE = {"open": "state = 'open'", "overdue": "is_overdue", "closed": "state != 'open'"}
_COUNTS = (
    ("closed_issues", "Issues closed"),
    ("open_issues", "Issues open"),
    ("merged_pulls", "Pull requests merged"),
    ("open_pulls", "Pull requests open"),
)
COLUMNS = (
    TITLE,
    REPO,
    Column(key="due", label="Due", kind="date"),
    Column(key="stands", label="State"),
    Column(key="progress", label="Done", kind="percent", help="Closed issues and merged pull requests among all."),
    *(Column(key=key, label=label, kind="integer") for key, label in _COUNTS),
    LINK,
)
_WORK = (
    Column(key="what", label="What"),
    NUMBER,
    TITLE,
    Column(key="state", label="State"),
    Column(key="at", label="Opened (UTC)", kind="moment"),
    Column(key="closed_at", label="Closed (UTC)", kind="moment"),
    LINK,
)


def milestones(ctx: Context, scope: Scope, words: str = "", state: str = "", limit: int = MOST) -> Listed:
    """Milestones of the scope's repositories, whatever its period: open ones first, by the day that they are due."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    return listed(ctx, *_milestones(scope, words, state, limit))


def every_milestone(ctx: Context, scope: Scope, words: str = "", state: str = "") -> Rows:
    """All of them, a batch at a time."""
    ctx.require(Capability.EXPORT)
    return every(ctx, *_milestones(scope, words, state))


def _milestones(scope: Scope, words: str, state: str, limit: int = MOST) -> List:
    where, given = worded(("title",), "number = {number:UInt32}", words)
    where += f" AND {_WHERE[state]}" if state in _WHERE else ""
    columns = (
        "title, repo_id AS repo, toDate(due_at, 'UTC') AS due, if(is_overdue, 'Overdue', if(state = 'open', 'Open',"
        f" 'Closed')) AS stands, progress, {', '.join(key for key, _ in _COUNTS)}, url"
    )
    order = (
        "state = 'open' DESC, isNull(due_at), if(state = 'open', 1, -1) * toInt64(toUnixTimestamp(at)), in_repo, key"
    )
    asked = Asked("planned", columns, where, "number", given, limit, order)
    return _whole(scope), asked, "Milestones", COLUMNS, {}


def work(ctx: Context, repo_id: str, number: int, limit: int = MOST) -> Listed:
    """Issues and pull requests of one milestone, open ones first."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    scope = Scope(None, repo_ids=(repo_id,), time_zone=ctx.workspace.time_zone)
    columns = "what, number, title, toString(state) AS state, at, closed_at, url"
    where = "milestone = {milestone:UInt32}"
    order = "isNull(closed_at) DESC, at DESC, key"
    asked = Asked("planned_work", columns, where, "number", {"milestone": number}, limit, order)
    return listed(ctx, scope, asked, "What is planned for it", _WORK, {})


def named(ctx: Context, repo_id: str, number: int) -> str:
    """What a milestone is called; NotFound if there is none."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    scope = Scope(None, repo_ids=(repo_id,), time_zone=ctx.workspace.time_zone)
    found = milestones(ctx, scope, f"#{number}").table.rows
    if not found:
        raise NotFound(f"There is no milestone number {number} here.")
    return str(found[0][0])


def _whole(scope: Scope) -> Scope:
    return replace(scope, period=None, compare=None, person_ids=(), team_ids=())
