"""Pull requests one by one: finding them, and what happened to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.access.looks import looked
from core.base.errors import NotAllowed, NotFound
from core.catalogue import answers, query
from core.catalogue.evidence import Rows, named, repository_names, streamed
from core.catalogue.facts import fact
from core.catalogue.phases import DEPLOY, EVENTS, PHASES, Phase, explained, moments_of
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.figures import Column, Scalar, Table

STATES = {"open": "Open", "draft": "Draft", "merged": "Merged", "closed": "Closed without a merge"}
ORDERS = {
    "at": "Newest first",
    "hours": "Longest first",
    "size": "Largest first",
    "responses": "Most answered first",
}
MOST = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for. Empty means everything."""

    words: str = ""
    """In the title, a label, the milestone, or the number."""
    states: tuple[str, ...] = ()
    order: str = "at"
    milestone: tuple[str, int] | None = None
    """Repository and number of the milestone that they are planned for."""


@dataclass(frozen=True, slots=True)
class Found:
    """The pull requests that fit, as far as they are shown, and how many there are."""

    table: Table
    keys: tuple[tuple[str, int], ...]
    """Repository id and number of each row."""
    total: int


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    at: datetime
    who: str
    """Empty where the source does not tell."""
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class Pull:
    """One pull request with its course."""

    repo_id: str
    repo: str
    number: int
    title: str
    author: str
    state: str
    url: str
    labels: tuple[str, ...]
    lines: int | None
    events: tuple[Event, ...]
    course: tuple[Phase, ...]
    """Every phase with the events that it lies between, and last the way to its deployment."""

    @property
    def phases(self) -> tuple[tuple[str, float | None], ...]:
        """Hours of each phase up to the merge; None where a moment is not known."""
        return tuple((one.name, one.hours) for one in self.course if one.name != DEPLOY.name)

    @property
    def whole(self) -> float | None:
        """Hours from the first commit to the merge; None unless every phase is known."""
        hours = [one for _, one in self.phases if one is not None]
        return sum(hours) if len(hours) == len(self.phases) else None


def found(ctx: Context, scope: Scope, wish: Wish, limit: int = MOST) -> Found:
    """Pull requests that were merged or closed in the period, or open at its end. NotAllowed where individuals hide."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    sql, params = _listed(ctx, scope, wish, "repo_id, count() OVER () AS total, ")
    rows = ctx.metrics.arrow(f"{sql} LIMIT {{most:UInt32}}", params | {"most": limit})
    looked(ctx, team_ids=scope.team_ids, listed=not scope.person_ids)
    total = int(rows.column("total")[0].as_py()) if rows.num_rows else 0
    ids = [
        (str(repo), int(number)) for repo, number in zip(*(_texts(rows, k) for k in ("repo_id", "number")), strict=True)
    ]
    return Found(_table(ctx, rows, fact("pulls").evidence, total), tuple(ids), total)


def every(ctx: Context, scope: Scope, wish: Wish) -> Rows:
    """All of them, a batch at a time. NotAllowed where individuals hide."""
    ctx.require(Capability.EXPORT)
    sql, params = _listed(ctx, scope, wish, "repo_id, ")
    looked(ctx, team_ids=scope.team_ids, listed=not scope.person_ids)
    return streamed(ctx, sql, params, "Pull requests", fact("pulls").evidence)


def _listed(ctx: Context, scope: Scope, wish: Wish, more: str) -> tuple[str, dict[str, Any]]:
    """The statement that lists them, and its parameters."""
    sql, params = _asked(ctx, "pulls", scope)
    keys = [column.key for column in fact("pulls").evidence]
    shown = ", ".join("repo_id AS repo" if key == "repo" else key for key in keys)
    where, given = _where(wish, scope)
    order = wish.order if wish.order in ORDERS else "at"
    return (
        f"{sql}\nSELECT {more}{shown} FROM asked\nWHERE {where}"
        f"\nORDER BY {order} DESC NULLS LAST, at DESC, opened_at DESC NULLS LAST, repo_id, number"
    ), params | given


def one(ctx: Context, repo_id: str, number: int) -> Pull:
    """A pull request with everything that is known of it, for whoever may see its author; NotFound if there is none."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    scope = Scope(None, repo_ids=(repo_id,), time_zone=ctx.workspace.time_zone)
    which = {"number": number}
    sql, params = _relation(ctx, "pulls", scope)
    rows = ctx.metrics.rows(
        f"{sql}\nSELECT person, title, state, url, size, labels FROM asked WHERE number = {{number:UInt32}}",
        params | which,
    )
    if not rows:
        raise NotFound(f"There is no pull request number {number} here.")
    ctx.require_person(str(rows[0]["person"]))
    looked(ctx, [str(rows[0]["person"])])
    row, called = rows[0], _people(ctx)
    return Pull(
        repo_id=repo_id,
        repo=repository_names(ctx).get(repo_id, repo_id),
        number=number,
        title=str(row["title"]),
        author=called.get(str(row["person"]), "somebody unknown"),
        state=str(row["state"]),
        url=str(row["url"]),
        labels=tuple(map(str, row["labels"])),
        lines=None if row["size"] is None else int(row["size"]),
        events=_events(ctx, scope, which, called),
        course=_course(ctx, scope, which),
    )


def _asked(ctx: Context, key: str, scope: Scope) -> tuple[str, dict[str, Any]]:
    """The WITH clause that ends in `asked`, and its parameters."""
    teams = answers.with_subteams(ctx, scope.team_ids)
    if not (scope.person_ids or ctx.sees_scope(team_ids=teams)):
        raise NotAllowed(
            f"Pull requests show individuals, and '{ctx.workspace.name}' hides those from your role."
            " Your own are listed on the page Developer."
        )
    return _relation(ctx, key, scope, teams)


def _relation(ctx: Context, key: str, scope: Scope, teams: tuple[str, ...] = ()) -> tuple[str, dict[str, Any]]:
    """The same, for rows whose author the caller has yet to ask about."""
    source, narrow = fact(key), query.narrowing(ctx, scope, (), teams)
    return query.narrowed(source, narrow, ()), query.parameters(source, narrow)


def _where(wish: Wish, scope: Scope) -> tuple[str, dict[str, Any]]:
    parts = [] if scope.include_bots else ["NOT is_bot"]
    if wish.words.strip():
        parts.append(
            "(positionCaseInsensitiveUTF8(title, {words:String}) > 0 OR toString(number) = {words:String}"
            " OR positionCaseInsensitiveUTF8(planned_for, {words:String}) > 0"
            " OR arrayExists(label -> positionCaseInsensitiveUTF8(label, {words:String}) > 0, labels))"
        )
    if wish.states:
        parts.append("state IN {states:Array(String)}")
    repo, number = wish.milestone or ("", 0)
    if wish.milestone:
        parts.append("repo_id = {planned_in:String} AND milestone = {planned:UInt32}")
    return " AND ".join(parts) or "1", {
        "planned_in": repo,
        "planned": number,
        "words": wish.words.strip().removeprefix("#"),
        "states": list(wish.states),
    }


def _table(ctx: Context, rows: Any, columns: Sequence[Column], total: int) -> Table:
    kept = rows.select([column.key for column in columns])
    shown: list[list[Scalar]] = [list(row) for row in named(ctx, kept, columns)]
    return Table(title="Pull requests", cols=list(columns), rows=shown, total_rows=total)


def _texts(rows: Any, name: str) -> list[Any]:
    return [value.decode() if isinstance(value, bytes) else value for value in rows.column(name).to_pylist()]


def _people(ctx: Context) -> Mapping[str, str]:
    from core.people.directory import names

    return names(ctx)


def _events(ctx: Context, scope: Scope, which: dict[str, Any], called: Mapping[str, str]) -> tuple[Event, ...]:
    sql, params = _relation(ctx, "pull_events", scope)
    rows = ctx.metrics.rows(
        f"{sql}\nSELECT at, person, what, detail FROM asked WHERE number = {{number:UInt32}} ORDER BY at, what",
        params | which,
    )
    return tuple(
        Event(row["at"], _name(str(row["person"]), called), str(row["what"]), str(row["detail"])) for row in rows
    )


def _name(person: str, called: Mapping[str, str]) -> str:
    return called.get(person, "somebody unknown") if person else ""


def _course(ctx: Context, scope: Scope, which: dict[str, Any]) -> tuple[Phase, ...]:
    sql, params = _relation(ctx, "finished_prs", scope)
    names = [f"{phase.name.replace(' ', '_')}_hours" for phase in PHASES]
    moments = [name for name in EVENTS if name != DEPLOY.ends]
    rows = ctx.metrics.rows(
        f"{sql}\nSELECT {', '.join((*names, *moments))} FROM asked WHERE number = {{number:UInt32}} AND is_merged",
        params | which,
    )
    if not rows:
        return explained({}, {}, "")
    sql, params = _relation(ctx, "merged_changes", scope)
    shipped = ctx.metrics.rows(
        f"{sql}\nSELECT deploy_hours, deployed_at, missed_by FROM asked WHERE number = {{number:UInt32}}",
        params | which,
    )
    row = rows[0] | (shipped[0] if shipped else {})
    hours = {phase.name: row.get(f"{phase.name.replace(' ', '_')}_hours") for phase in (*PHASES, DEPLOY)}
    return explained(hours, moments_of(row), str(row.get("missed_by", "")))
