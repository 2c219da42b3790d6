"""Teams as a table: who is in which, inside which, from which day to which; what a file changes is shown first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.access.workspaces import note
from core.base.errors import BadInput, Conflict, NotFound
from core.base.period import zone_of
from core.context import Capability, Context
from core.people import tables
from core.people.directory import names, person
from core.people.footprint import mark_days, mark_labels
from core.people.publishing import changing
from core.people.teams import keep_membership, keep_team, memberships, put_inside, teams

COLUMNS = {
    "team": ("team", "group"),
    "parent": ("parent", "inside"),
    "person": ("person", "who", "member", "email", "e-mail", "login", "name"),
    "first": ("from", "first_day", "first day", "start", "since"),
    "last": ("until", "last_day", "last day", "to", "end"),
}
HEADS = ("team", "parent", "person", "from", "until")
TEMPLATE = ",".join(HEADS) + "\nPayments,,ada@example.org,2026-01-01,\nInvoices,Payments,bob@example.org,2026-03-01,\n"


@dataclass(frozen=True, slots=True)
class PlannedMember:
    """A line of a file, as it would be kept."""

    place: str
    team: str
    parent: str
    who: str
    person_id: str
    person: str
    first: date | None
    last: date | None
    """Inside; None while it lasts."""
    state: str
    """joins, changes (another last day), team (only the team is new), there or refused."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """What an import would do."""

    rows: tuple[PlannedMember, ...]
    teams: tuple[str, ...]
    """Names of teams that would be made, parents first."""

    def count(self, *states: str) -> int:
        return sum(row.state in states for row in self.rows)

    @property
    def sentence(self) -> str:
        return (
            f"{len(self.teams)} new {'team' if len(self.teams) == 1 else 'teams'}, {self.count('joins')} join,"
            f" {self.count('changes')} with another last day, {self.count('there')} there already,"
            f" {self.count('refused')} refused."
        )

    @property
    def changes(self) -> int:
        return len(self.teams) + self.count("joins", "changes", "team")


def teams_csv(ctx: Context) -> bytes:
    """Every team with every span of membership, as `plan_teams` reads it again; one without anybody is a line too."""
    ctx.require(Capability.MANAGE_PEOPLE)
    known = {one.id: one for one in teams(ctx)}
    lines: list[tuple[object, ...]] = []
    spans = memberships(ctx)
    for team in known.values():
        parent = known[team.parent_id].name if team.parent_id in known else ""
        mine = [span for span in spans if span.team_id == team.id]
        lines += [
            (team.name, parent, _reference(ctx, span.person_id), span.from_day, span.to_day and span.to_day - _DAY)
            for span in mine
        ] or [(team.name, parent, "", "", "")]
    return tables.written(HEADS, lines)


def plan_teams(ctx: Context, content: bytes, name: str) -> TeamPlan:
    """What a table would change, line by line. Whoever it does not name stays where they are."""
    ctx.require(Capability.MANAGE_PEOPLE)
    standing = _Standing(ctx)
    rows = tables.rows(tables.decoded(content, name), name, COLUMNS, ("team",))
    planned = [one for place, cells in rows for one in standing.planned(place, cells)]
    if not planned:
        raise BadInput(f"There is no team in '{name}'.")
    return TeamPlan(tuple(planned), tuple(standing.new))


def take_teams(ctx: Context, plan: TeamPlan, name: str = "") -> int:
    """Make the changes of a plan, all of them or none; how many."""
    if not plan.changes:
        ctx.require(Capability.MANAGE_PEOPLE)
        return 0
    with changing(ctx) as session:
        ids = {one.name.casefold(): one.id for one in teams(ctx)}
        parents = {row.team.casefold(): row.parent.casefold() for row in plan.rows if row.parent}
        for team in plan.teams:
            ids[team.casefold()] = keep_team(session, ctx, team)
        for team in plan.teams:
            if parent := parents.get(team.casefold()):
                put_inside(session, ctx, ids[team.casefold()], ids[parent])
        kept = [row for row in plan.rows if row.state in ("joins", "changes") and row.first]
        for row in kept:
            assert row.first
            until = row.last and row.last + _DAY
            keep_membership(session, ctx, row.person_id, ids[row.team.casefold()], row.first, until)
        note(session, ctx, "people.teams_imported", name or "a file", teams=len(plan.teams), members=len(kept))
        mark_labels(session, ctx)
        if kept:
            mark_days(session, ctx, "team", min(row.first for row in kept if row.first), None)
    return plan.changes


_DAY = timedelta(days=1)


def _reference(ctx: Context, person_id: str) -> str:
    """What finds a person again: their address, else their id."""
    return person(ctx, person_id).email or person_id


class _Standing:
    """Teams and memberships, while the lines before have been followed."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.today = ctx.clock().astimezone(zone_of(ctx.workspace.time_zone)).date()
        known = teams(ctx)
        self.names = {one.name.casefold(): one.name for one in known}
        self.new: dict[str, None] = {}
        called = {one.id: one.name.casefold() for one in known}
        self.parents = {one.name.casefold(): called.get(one.parent_id or "", "") for one in known}
        self.spans = {
            (called[span.team_id], span.person_id, span.from_day): span.to_day and span.to_day - _DAY
            for span in memberships(ctx)
            if span.team_id in called
        }
        self.people = names(ctx)
        self.found: dict[str, tuple[str, str]] = {}

    def planned(self, place: str, cells: dict[str, str]) -> Iterator[PlannedMember]:
        team, parent, who = (cells.get(what, "") for what in ("team", "parent", "person"))

        def as_(
            state: str, why: str = "", person_id: str = "", days: tuple[date | None, date | None] = (None, None)
        ) -> PlannedMember:
            called = self.people.get(person_id, "")
            return PlannedMember(place, team, parent, who, person_id, called, *days, state, why)

        if not team:
            yield as_("refused", "It names no team.")
            return
        if wrong := self._placed(team, parent):
            yield as_("refused", wrong)
            return
        is_new = self._make(team, parent)
        if not who:
            yield as_("team" if is_new else "there")
            return
        person_id, why = self._person(who)
        first, last, wrong = self._days(cells)
        if why or wrong:
            yield as_("refused", why or wrong, person_id)
            return
        key = (team.casefold(), person_id, first)
        if not cells.get("first") and not last and self._is_in(team, person_id):
            yield as_("there", "", person_id)
            return
        state = "joins" if key not in self.spans else "there" if self.spans[key] == last else "changes"
        self.spans[key] = last
        yield as_(state, "", person_id, (first, last))

    def _is_in(self, team: str, person_id: str) -> bool:
        """Whether somebody is in a team today."""
        return any(
            (one, who) == (team.casefold(), person_id) and first <= self.today and (last is None or self.today <= last)
            for (one, who, first), last in self.spans.items()
        )

    def _placed(self, team: str, parent: str) -> str:
        """Why a team cannot be inside its parent."""
        if parent.casefold() == team.casefold():
            return "A team cannot be inside itself."
        stands = self.parents.get(team.casefold())
        if parent and stands is not None and stands != parent.casefold():
            return f"'{team}' is not inside '{parent}' now. Put it there on the page first."
        return ""

    def _make(self, team: str, parent: str) -> bool:
        fresh = False
        for one, inside in ((parent, ""), (team, parent)):
            if one and one.casefold() not in self.names:
                self.names[one.casefold()] = one
                self.parents[one.casefold()] = inside.casefold()
                self.new[one] = None
                fresh = True
        return fresh

    def _person(self, who: str) -> tuple[str, str]:
        if who not in self.found:
            try:
                self.found[who] = person(self.ctx, who).id, ""
            except (NotFound, Conflict) as error:
                self.found[who] = "", error.message
        return self.found[who]

    def _days(self, cells: dict[str, str]) -> tuple[date, date | None, str]:
        """First and last day; the first is today where it is left out."""
        try:
            first = date.fromisoformat(cells["first"][:10]) if cells.get("first") else self.today
            last = date.fromisoformat(cells["last"][:10]) if cells.get("last") else None
        except ValueError:
            return self.today, None, f"'{cells.get('first')}' or '{cells.get('last')}' is no day. Write 2026-01-31."
        wrong = f"It ends ({last}) before it begins ({first})." if last and last < first else ""
        return first, last, wrong
