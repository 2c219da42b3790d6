"""Teams and who was in them when: a move today does not rewrite last quarter."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.workspaces import note
from core.base.errors import BadInput, Conflict, NotFound, did_you_mean
from core.context import Capability, Context
from core.people.directory import own_row
from core.people.footprint import mark_days, mark_labels
from core.people.merging import roots
from core.people.models import Membership, Team
from core.people.publishing import changing
from core.people.views import MembershipView, TeamView


def teams(ctx: Context, on: date | None = None) -> list[TeamView]:
    """Every team by name, with its members of the day `on` (today)."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    day = on or ctx.clock().date()
    with ctx.app.reading() as session:
        members: dict[str, list[str]] = defaultdict(list)
        for span in _spans(session, ctx):
            if span.from_day <= day and (span.to_day is None or day < span.to_day):
                members[span.team_id].append(span.person_id)
        rows = session.scalars(sa.select(Team).where(Team.workspace_id == ctx.workspace.id).order_by(Team.name))
        return [TeamView(row.id, row.name, row.parent_id, tuple(dict.fromkeys(members[row.id]))) for row in rows]


def memberships(ctx: Context, *, person_id: str = "", team_id: str = "") -> list[MembershipView]:
    """Spans of membership, oldest first, of one person, one team or all."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        return [
            span
            for span in _spans(session, ctx)
            if (not person_id or span.person_id == person_id) and (not team_id or span.team_id == team_id)
        ]


def team(ctx: Context, ref: str) -> TeamView:
    """The team with this id or name; NotFound with the nearest."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    known = teams(ctx)
    for one in known:
        if ref == one.id or ref.strip().casefold() == one.name.casefold():
            return one
    raise NotFound(f"There is no team '{ref}' in this workspace.{did_you_mean(ref, [one.name for one in known])}")


def create_team(ctx: Context, name: str, parent_id: str | None = None) -> TeamView:
    """Make an empty team, perhaps inside another."""
    with changing(ctx) as session:
        row = _created(session, ctx, name, parent_id)
        mark_labels(session, ctx)
        note(session, ctx, "people.team_created", row.name, team_id=row.id)
        return TeamView(row.id, row.name, row.parent_id, ())


def change_team(ctx: Context, team_id: str, name: str, parent_id: str | None = None) -> None:
    """Rename a team or put it inside another."""
    with changing(ctx) as session:
        row = _team(session, ctx, team_id)
        _free_name(session, ctx, name, except_id=team_id)
        _no_circle(session, ctx, team_id, parent_id)
        note(session, ctx, "people.team_changed", name, team_id=team_id, before=row.name)
        row.name, row.parent_id = name.strip()[:120], parent_id
        mark_labels(session, ctx)


def delete_team(ctx: Context, team_id: str) -> None:
    """Remove a team with its history of members; teams inside it move up."""
    with changing(ctx) as session:
        row = _team(session, ctx, team_id)
        session.execute(
            sa.update(Team)
            .where(Team.workspace_id == ctx.workspace.id, Team.parent_id == team_id)
            .values(parent_id=row.parent_id)
        )
        note(session, ctx, "people.team_deleted", row.name, team_id=team_id)
        session.delete(row)
        mark_days(session, ctx, "team", None, None)


def set_membership(
    ctx: Context, person_id: str, team_id: str, from_day: date, to_day: date | None = None
) -> MembershipView:
    """Put a person in a team from one day until, but not on, another; spans of the same team that touch become one."""
    with changing(ctx) as session:
        who, where = own_row(session, ctx, person_id), _team(session, ctx, team_id)
        span = _put(session, ctx, person_id, team_id, from_day, to_day)
        note(session, ctx, "people.member", f"{who.name} in {where.name}", person_id=person_id, team_id=team_id,
             from_day=str(from_day), to_day=str(to_day or ""))  # fmt: skip
        mark_days(session, ctx, "team", from_day, to_day)
        return _view(span, {})


def move(ctx: Context, person_id: str, team_id: str, on_day: date) -> MembershipView:
    """Leave every team on that day and join this one; what was before stays as it was."""
    with changing(ctx) as session:
        who, where = own_row(session, ctx, person_id), _team(session, ctx, team_id)
        for row in _rows(session, ctx, person_id):
            if row.from_day >= on_day:
                session.delete(row)
            elif row.to_day is None or row.to_day > on_day:
                row.to_day = on_day
        session.flush()
        span = _put(session, ctx, person_id, team_id, on_day, None)
        note(session, ctx, "people.moved", f"{who.name} to {where.name}", person_id=person_id, team_id=team_id,
             on_day=str(on_day))  # fmt: skip
        mark_days(session, ctx, "team", on_day, None)
        return _view(span, {})


def keep_team(session: Session, ctx: Context, name: str) -> str:
    """Make a team as part of a larger change; its id."""
    return _created(session, ctx, name, None).id


def put_inside(session: Session, ctx: Context, team_id: str, parent_id: str) -> None:
    """Put a team inside another as part of a larger change."""
    _no_circle(session, ctx, team_id, parent_id)
    _team(session, ctx, team_id).parent_id = parent_id


def keep_membership(
    session: Session, ctx: Context, person_id: str, team_id: str, from_day: date, to_day: date | None
) -> None:
    """Keep a span as part of a larger change; one that begins on that day gets the new end."""
    own_row(session, ctx, person_id)
    _team(session, ctx, team_id)
    same = next((row for row in _rows(session, ctx, person_id, team_id) if row.from_day == from_day), None)
    if same:
        same.to_day = to_day
    else:
        _put(session, ctx, person_id, team_id, from_day, to_day)


def end_membership(ctx: Context, membership_id: str, on_day: date | None) -> None:
    """Let a membership end on that day (the first one outside), or remove it wholly with None."""
    with changing(ctx) as session:
        row = session.get(Membership, membership_id)
        if row is None or row.workspace_id != ctx.workspace.id:
            raise NotFound("This membership is not there any more. Look the team up again.")
        first, last = row.from_day, row.to_day
        if on_day is None or on_day <= row.from_day:
            session.delete(row)
        else:
            row.to_day = on_day
            first = min(on_day, last or on_day)
        note(session, ctx, "people.member_ended", row.person_id, team_id=row.team_id, on_day=str(on_day or first))
        mark_days(session, ctx, "team", first, last)


def _spans(session: Session, ctx: Context) -> list[MembershipView]:
    ends = roots(session, ctx.workspace.id)
    found = session.scalars(
        sa.select(Membership)
        .where(Membership.workspace_id == ctx.workspace.id)
        .order_by(Membership.from_day, Membership.person_id, Membership.id)
    )
    return [_view(row, ends) for row in found]


def _view(row: Membership, ends: dict[str, str]) -> MembershipView:
    return MembershipView(row.id, row.team_id, ends.get(row.person_id, row.person_id), row.from_day, row.to_day)


def _rows(session: Session, ctx: Context, person_id: str, team_id: str = "") -> list[Membership]:
    """The spans of a person and of those merged into it."""
    ends = roots(session, ctx.workspace.id)
    whole = [person_id, *(id_ for id_, end in ends.items() if end == person_id)]
    chosen = sa.select(Membership).where(Membership.workspace_id == ctx.workspace.id, Membership.person_id.in_(whole))
    return list(session.scalars(chosen.where(Membership.team_id == team_id) if team_id else chosen))


def _put(
    session: Session, ctx: Context, person_id: str, team_id: str, from_day: date, to_day: date | None
) -> Membership:
    if to_day is not None and to_day <= from_day:
        raise BadInput(f"The membership ends ({to_day}) before it starts ({from_day}).")
    for row in _rows(session, ctx, person_id, team_id):
        if row.person_id == person_id and _touch(row, from_day, to_day):
            from_day = min(from_day, row.from_day)
            to_day = None if to_day is None or row.to_day is None else max(to_day, row.to_day)
            session.delete(row)
    span = Membership(
        workspace_id=ctx.workspace.id, person_id=person_id, team_id=team_id, from_day=from_day, to_day=to_day
    )
    session.add(span)
    session.flush()
    return span


def _touch(row: Membership, from_day: date, to_day: date | None) -> bool:
    return (row.to_day is None or from_day <= row.to_day) and (to_day is None or row.from_day <= to_day)


def _created(session: Session, ctx: Context, name: str, parent_id: str | None) -> Team:
    _free_name(session, ctx, name)
    if parent_id:
        _team(session, ctx, parent_id)
    row = Team(workspace_id=ctx.workspace.id, name=name.strip()[:120], parent_id=parent_id, created_at=ctx.clock())
    session.add(row)
    session.flush()
    return row


def _team(session: Session, ctx: Context, team_id: str) -> Team:
    row = session.get(Team, team_id)
    if row is None or row.workspace_id != ctx.workspace.id:
        raise NotFound(f"There is no team '{team_id}' in this workspace. `sightline people teams` lists them.")
    return row


def _free_name(session: Session, ctx: Context, name: str, except_id: str = "") -> None:
    if not name.strip():
        raise BadInput("A team needs a name.")
    taken = session.execute(sa.select(Team.id, Team.name).where(Team.workspace_id == ctx.workspace.id))
    if any(other.casefold() == name.strip().casefold() and id_ != except_id for id_, other in taken):
        raise Conflict(f"There is a team named '{name.strip()}' already.")


def _no_circle(session: Session, ctx: Context, team_id: str, parent_id: str | None) -> None:
    above = parent_id
    while above:
        if above == team_id:
            raise BadInput("A team cannot be inside itself.")
        above = _team(session, ctx, above).parent_id
