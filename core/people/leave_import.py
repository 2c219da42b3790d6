"""Leave from a file: who and when each row is for, shown before anything is kept; the same file twice adds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.access.workspaces import note
from core.base.errors import BadInput, Conflict, NotFound
from core.base.period import zone_of
from core.context import Capability, Context
from core.people import calendars
from core.people.directory import names, person
from core.people.footprint import mark_days
from core.people.leave_files import LeaveRow, read
from core.people.publishing import changing


@dataclass(frozen=True, slots=True)
class PlannedLeave:
    """A row of a file, as it would be kept."""

    place: str
    who: str
    person_id: str
    person: str
    first_day: date | None
    last_day: date | None
    reason: str
    state: str
    """new, there (kept already) or refused."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class LeavePlan:
    """What an import would do."""

    rows: tuple[PlannedLeave, ...]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def sentence(self) -> str:
        """ "12 new, 3 there already, 1 refused."."""
        return f"{self.count('new')} new, {self.count('there')} there already, {self.count('refused')} refused."


def plan_leave(ctx: Context, content: bytes, name: str, person_ref: str = "") -> LeavePlan:
    """What a file holds, and what of it would be kept. `person_ref` says whose calendar it is."""
    ctx.require(Capability.MANAGE_PEOPLE)
    today = ctx.clock().date()
    rows = read(content, name, today, zone_of(ctx.workspace.time_zone))
    whose = person(ctx, person_ref).id if person_ref else ""
    with ctx.app.reading() as session:
        there = {(one.person_id, one.first_day, one.last_day) for one in calendars.leaves(session, ctx)}
    called, found = names(ctx), _People(ctx)
    planned: list[PlannedLeave] = []
    for row in rows:
        one = _planned(row, whose or "", found, called, there)
        if one.state == "new" and one.first_day and one.last_day:
            there.add((one.person_id, one.first_day, one.last_day))
        planned.append(one)
    return LeavePlan(tuple(planned))


def take_leave(ctx: Context, plan: LeavePlan, name: str = "") -> int:
    """Keep what is new of a plan, all of it or nothing; how many spans."""
    fresh = [row for row in plan.rows if row.state == "new" and row.first_day and row.last_day]
    with changing(ctx) as session:
        there = {(one.person_id, one.first_day, one.last_day) for one in calendars.leaves(session, ctx)}
        added = [row for row in fresh if (row.person_id, row.first_day, row.last_day) not in there]
        for row in added:
            assert row.first_day
            assert row.last_day
            calendars.keep_leave(session, ctx, row.person_id, row.first_day, row.last_day, row.reason)
        if added:
            note(session, ctx, "people.leave_imported", name or "a file", spans=len(added))
            days = [day for row in added for day in (row.first_day, row.last_day) if day]
            mark_days(session, ctx, "schedule", min(days), max(days))
    return len(added)


class _People:
    """Who is meant by a word of the file, each looked up once."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.known: dict[str, tuple[str, str]] = {}
        self.by_name = {name.casefold(): id_ for id_, name in names(ctx).items()}

    def of(self, who: str) -> tuple[str, str]:
        """(person id, "") or ("", why not)."""
        if who not in self.known:
            self.known[who] = self._found(who)
        return self.known[who]

    def _found(self, who: str) -> tuple[str, str]:
        try:
            return person(self.ctx, who).id, ""
        except (NotFound, Conflict) as error:
            inside = {id_ for name, id_ in self.by_name.items() if " " in name and name in who.casefold()}
            return (inside.pop(), "") if len(inside) == 1 else ("", error.message)


def _planned(
    row: LeaveRow, whose: str, people: _People, called: dict[str, str], there: set[tuple[str, date, date]]
) -> PlannedLeave:
    def as_(state: str, person_id: str = "", why: str = "") -> PlannedLeave:
        return PlannedLeave(
            row.place, row.who, person_id, called.get(person_id, ""), row.first, row.last, row.reason[:40], state, why
        )

    if row.refused or row.first is None or row.last is None:
        return as_("refused", why=row.refused)
    person_id, why = (whose, "") if whose else people.of(row.who)
    if why:
        return as_("refused", why=why)
    try:
        calendars.check_leave(row.first, row.last)
    except BadInput as error:
        return as_("refused", person_id, error.message)
    return as_("there" if (person_id, row.first, row.last) in there else "new", person_id)
