"""Who looked at whose numbers: one entry for a viewer, a person and a day, however often they looked.

It is kept where numbers are asked for, so that no door can forget it. What runs by itself
(reports by a clock, alerts) looks at nobody: whoever reads it does.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.access.models import Look
from core.base.errors import NotAllowed
from core.context import Capability, Context

EVERYBODY = "everybody"
"""A list of all people with their numbers."""
MOST_KNOWN = 20_000

_known: set[tuple[str, str, str, date]] = set()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class LookView:
    """Somebody looked at a person's numbers that day."""

    day: date
    viewer: str
    person_id: str
    """Empty for a list of everybody, or of a team."""
    team_id: str
    at: datetime
    """The first time on that day."""


def looked(ctx: Context, person_ids: Iterable[str] = (), team_ids: Iterable[str] = (), *, listed: bool = False) -> None:
    """Note that the actor saw these people's numbers, or with `listed` a list of everybody's or of these teams'."""
    if not ctx.actor.user_id or ctx.actor.is_background:
        return
    subjects = [one for one in person_ids if one != ctx.actor.person_id]
    if listed:
        subjects += [f"team:{team}" for team in team_ids] or [EVERYBODY]
    today = ctx.clock().date()
    fresh = [one for one in subjects if _is_new((id_of(ctx), ctx.actor.user_id, one, today))]
    if fresh:
        _keep(ctx, fresh, today)


def looks_at(ctx: Context, person_id: str, team_ids: Sequence[str] = (), limit: int = 500) -> list[LookView]:
    """Who looked at this person's numbers, by itself or in a list, the newest first: for them and for admins."""
    if person_id != ctx.actor.person_id and not ctx.may(Capability.MANAGE_WORKSPACE):
        raise NotAllowed("Who looked at somebody's numbers is shown to that person and to admins.")
    return _found(ctx, Look.person_id.in_([person_id, EVERYBODY, *(f"team:{team}" for team in team_ids)]), limit)


def looks(ctx: Context, limit: int = 500) -> list[LookView]:
    """Who looked at whose numbers, the newest first."""
    ctx.require(Capability.MANAGE_WORKSPACE)
    return _found(ctx, sa.true(), limit)


def id_of(ctx: Context) -> str:
    """The workspace, told apart from one of the same id in another store of this process."""
    return f"{id(ctx.app)}:{ctx.workspace.id}"


def _found(ctx: Context, which: sa.ColumnElement[bool], limit: int) -> list[LookView]:
    asked = sa.select(Look).where(Look.workspace_id == ctx.workspace.id, which).order_by(Look.at.desc()).limit(limit)
    with ctx.app.reading() as session:
        return [_view(row) for row in session.scalars(asked)]


def _view(row: Look) -> LookView:
    kind, _, team = row.person_id.partition(":")
    person = "" if team or kind == EVERYBODY else kind
    return LookView(row.day, row.viewer_name, person, team, row.at)


def _is_new(key: tuple[str, str, str, date]) -> bool:
    with _lock:
        if key in _known:
            return False
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known.add(key)
        return True


def _keep(ctx: Context, subjects: Sequence[str], today: date) -> None:
    mine = (Look.workspace_id == ctx.workspace.id, Look.viewer_id == ctx.actor.user_id, Look.day == today)
    with ctx.app.session() as session:
        there = set(session.scalars(sa.select(Look.person_id).where(*mine, Look.person_id.in_(subjects))))
    for one in subjects:
        if one in there:
            continue
        try:
            with ctx.app.session() as session:
                session.add(
                    Look(workspace_id=ctx.workspace.id, viewer_id=ctx.actor.user_id, person_id=one, day=today,
                         viewer_name=ctx.actor.name, at=ctx.clock())
                )  # fmt: skip
        except sa.exc.IntegrityError:  # another process has just noted it
            continue
