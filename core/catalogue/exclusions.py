"""Pull requests that count in no number: rules by label, title, branch or age, or one by its number.

A rule holds for what is there and for what comes; taking it back brings everything
back. Each number says how many a rule has left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.counted import counted
from core.base.errors import BadInput, Conflict, NotFound, did_you_mean
from core.base.period import zone_of
from core.catalogue.models import ExclusionRule, Repository
from core.catalogue.relations import EXCLUDES
from core.context import Capability, Context
from core.people.publishing import hold

FIELDS = {
    "label": "Label",
    "title": "Title",
    "branch": "Branch",
    "age": "Older than",
    "number": "Number",
}
WILD = "*"
EXAMPLES = 10
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be left out. `repo` is a name or an id; empty means every repository."""

    field: str
    pattern: str
    repo: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would do now, before it is made."""

    count: int
    """Pull requests that it means."""
    new: int
    """Of these, how many count today."""
    total: int
    """Pull requests that there are, of the same repositories."""
    examples: tuple[str, ...]
    """The newest of them, in words."""


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as people see it."""

    id: str
    field: str
    pattern: str
    repo: str
    reason: str
    created_by: str
    created_at: datetime
    count: int

    @property
    def words(self) -> str:
        """What it means in a line."""
        where = f" in {self.repo}" if self.repo else ""
        if self.field == "age":
            return f"open for more than {counted(int(self.pattern), 'day')}{where}"
        return f"#{self.pattern}{where}" if self.field == "number" else f"{self.field} '{self.pattern}'{where}"


def rules(ctx: Context) -> list[RuleView]:
    """Every rule with how many pull requests it leaves out, the newest first."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        names = _repositories(session, ctx)
        rows = session.scalars(
            sa.select(ExclusionRule)
            .where(ExclusionRule.workspace_id == ctx.workspace.id)
            .order_by(ExclusionRule.created_at.desc(), ExclusionRule.id)
        ).all()
    counts = _counts(ctx, [(row.field, _published(row.field, row.pattern), row.repo_id) for row in rows])
    return [
        RuleView(
            row.id, row.field, row.pattern, names.get(row.repo_id, ""), row.reason, row.created_by, row.created_at,
            count,
        )
        for row, count in zip(rows, counts, strict=True)
    ]  # fmt: skip


def preview(ctx: Context, wish: Wish) -> Preview:
    """What the rule would leave out; nothing is changed. BadInput if it means nothing sensible."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.reading() as session:
        field, pattern, repo_id = _checked(session, ctx, wish)
    found = ctx.metrics.rows(
        f"SELECT countIf(hit) AS hits, countIf(hit AND NOT gone) AS new, count() AS total,"  # noqa: S608 - texts of ours
        f" arraySlice(groupArrayIf(words, hit), 1, {EXAMPLES}) AS examples FROM ("
        f" SELECT arrayExists(e -> {EXCLUDES}, {_rule()}) AS hit,"
        f" arrayExists(e -> {EXCLUDES}, (SELECT groupArray((toString(field), pattern, repo_id))"
        " FROM pr_exclusions FINAL WHERE workspace_id = {workspace:String})) AS gone,"
        " concat('#', toString(r.number), ' ', r.title) AS words"
        " FROM pull_requests AS r FINAL WHERE r.workspace_id = {workspace:String}"
        " AND ({repo:String} = '' OR r.repo_id = {repo:String})"
        " ORDER BY coalesce(r.opened_at, r.merged_at, r.closed_at) DESC, r.number DESC)",
        _params(ctx) | {"field": field, "pattern": _published(field, pattern), "repo": repo_id},
    )[0]
    return Preview(int(found["hits"]), int(found["new"]), int(found["total"]), tuple(map(str, found["examples"])))


def add(ctx: Context, wish: Wish) -> str:
    """Make the rule; its id. Every figure of the workspace is counted anew."""
    ctx.require(Capability.MANAGE_SOURCES)
    if not wish.reason.strip():
        raise BadInput("Say why these are left out: whoever reads a number may ask.")
    with ctx.metrics.brief(), ctx.app.session() as session:
        hold(session, ctx)
        field, pattern, repo_id = _checked(session, ctx, wish)
        same = sa.and_(
            ExclusionRule.workspace_id == ctx.workspace.id, ExclusionRule.field == field,
            ExclusionRule.pattern == pattern, ExclusionRule.repo_id == repo_id,
        )  # fmt: skip
        if session.scalar(sa.select(ExclusionRule.id).where(same)):
            raise Conflict("There is such a rule already.")
        row = ExclusionRule(
            workspace_id=ctx.workspace.id, repo_id=repo_id, field=field, pattern=pattern,
            reason=wish.reason.strip()[:500], created_at=ctx.clock(), created_by=ctx.actor.name[:240],
        )  # fmt: skip
        session.add(row)
        session.flush()
        _changed(session, ctx)
        workspaces.note(session, ctx, "exclusion.add", f"{field} {pattern}", reason=row.reason, repo=wish.repo)
        return row.id


def remove(ctx: Context, ref: str) -> None:
    """Take a rule back, by its id or its first letters: what it left out counts again."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.metrics.brief(), ctx.app.session() as session:
        hold(session, ctx)
        here = sa.select(ExclusionRule).where(ExclusionRule.workspace_id == ctx.workspace.id)
        found = [row for row in session.scalars(here) if ref and row.id.startswith(ref)]
        if len(found) != 1:
            raise NotFound(
                "That rule is not there any more." if not found else f"More than one rule begins with '{ref}'."
            )
        row = found[0]
        session.delete(row)
        session.flush()
        _changed(session, ctx)
        workspaces.note(session, ctx, "exclusion.remove", f"{row.field} {row.pattern}", reason=row.reason)


def _changed(session: Session, ctx: Context) -> None:
    """Published before it commits, so neither happens alone."""
    _written(session, ctx)
    workspaces.data_changed(session, ctx.workspace.id, ctx.clock(), "exclusion")


def _written(session: Session, ctx: Context) -> None:
    import pyarrow as pa

    here = sa.select(ExclusionRule).where(ExclusionRule.workspace_id == ctx.workspace.id)
    wanted = {row.id: (row.field, _published(row.field, row.pattern), row.repo_id) for row in session.scalars(here)}
    standing = {
        str(row["rule_id"]): (str(row["field"]), str(row["pattern"]), str(row["repo_id"]))
        for row in ctx.metrics.rows(
            "SELECT rule_id, field, pattern, repo_id FROM pr_exclusions FINAL WHERE workspace_id = {workspace:String}",
            {"workspace": ctx.workspace.id},
        )
    }
    fresh = [(rule, *values, 0) for rule, values in wanted.items() if standing.get(rule) != values]
    gone = [(rule, *values, 1) for rule, values in standing.items() if rule not in wanted]
    rows = [*fresh, *gone]
    if not rows:
        return
    mine = {"workspace": ctx.workspace.id}
    newest = ctx.metrics.scalar("SELECT max(version) FROM pr_exclusions WHERE workspace_id = {workspace:String}", mine)
    version = max(int(newest or 0) + 1, int(ctx.clock().timestamp()))
    names = ("rule_id", "field", "pattern", "repo_id", "deleted")
    table = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    table |= {"workspace_id": [ctx.workspace.id] * len(rows), "version": [version] * len(rows)}
    kinds = {"deleted": pa.uint8(), "version": pa.uint64()}
    ctx.metrics.insert_arrow(
        "pr_exclusions",
        pa.table({name: pa.array(cells, kinds.get(name, pa.string())) for name, cells in table.items()}),
    )


def _checked(session: Session, ctx: Context, wish: Wish) -> tuple[str, str, str]:
    """Field, pattern and repository id."""
    if wish.field not in FIELDS:
        raise BadInput(f"Pull requests are left out by {', '.join(FIELDS)}, not by '{wish.field}'.")
    pattern = wish.pattern.strip().removeprefix("#") if wish.field == "number" else wish.pattern.strip()
    if not pattern or len(pattern) > LONGEST:
        raise BadInput(f"Write what the {FIELDS[wish.field].lower()} is, in up to {LONGEST} letters.")
    if wish.field in ("age", "number") and not (pattern.isdecimal() and 0 < int(pattern) < 2**31):
        what = "a number of days" if wish.field == "age" else "the number of a pull request"
        raise BadInput(f"'{pattern}' is not {what}.")
    if not pattern.strip(WILD):
        raise BadInput("This would leave every pull request out. Write a part of what they have in common.")
    repo_id = _repo(session, ctx, wish.repo)
    if wish.field == "number" and not repo_id:
        raise BadInput("A number is of one repository: choose it too.")
    return wish.field, str(int(pattern)) if wish.field in ("age", "number") else pattern, repo_id


def _repo(session: Session, ctx: Context, ref: str) -> str:
    if not ref:
        return ""
    known = _repositories(session, ctx)
    for repo_id, name in known.items():
        if ref in (repo_id, name):
            return repo_id
    raise NotFound(f"There is no repository named '{ref}'.{did_you_mean(ref, list(known.values()))}")


def _repositories(session: Session, ctx: Context) -> dict[str, str]:
    rows = session.execute(sa.select(Repository.id, Repository.name).where(Repository.workspace_id == ctx.workspace.id))
    return {str(row.id): str(row.name) for row in rows}


def _published(field: str, pattern: str) -> str:
    """The pattern as the store compares it."""
    if field in ("age", "number"):
        return pattern
    for sign in ("\\", "%", "_"):
        pattern = pattern.replace(sign, f"\\{sign}")
    return pattern.replace(WILD, "%")


def _rule() -> str:
    return "[({field:String}, {pattern:String}, {repo:String})]"


def _params(ctx: Context) -> dict[str, Any]:
    today = ctx.clock().astimezone(zone_of(ctx.workspace.time_zone)).date()
    return {"workspace": ctx.workspace.id, "today": today, "tz": ctx.workspace.time_zone}


def _counts(ctx: Context, asked: list[tuple[str, str, str]]) -> list[int]:
    """How many pull requests each rule means, in one question."""
    if not asked:
        return []
    fields, patterns, repos = (list(part) for part in zip(*asked, strict=True))
    found = ctx.metrics.rows(
        "SELECT place, count() AS hits FROM ("  # noqa: S608 - texts of ours
        f" SELECT arrayJoin(arrayFilter((place, e) -> {EXCLUDES}, arrayEnumerate({{fields:Array(String)}}),"
        " arrayZip({fields:Array(String)}, {patterns:Array(String)}, {repos:Array(String)}))) AS place"
        " FROM pull_requests AS r FINAL WHERE r.workspace_id = {workspace:String}) GROUP BY place",
        _params(ctx) | {"fields": fields, "patterns": patterns, "repos": repos},
    )
    hits = {int(row["place"]): int(row["hits"]) for row in found}
    return [hits.get(place, 0) for place in range(1, len(asked) + 1)]
