"""Looking people up: all of them, their names, one by any reference; renaming and locking."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import fields

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.workspaces import note
from core.base.errors import BadInput, Conflict, NotFound, did_you_mean
from core.context import Capability, Context
from core.people.calendars import schedule_of, schedules
from core.people.footprint import mark_labels
from core.people.merging import roots
from core.people.models import Identity, Membership, Person
from core.people.publishing import changing
from core.people.views import IdentityView, PersonView


def people(ctx: Context, *, include_bots: bool = False) -> list[PersonView]:
    """Everybody who stands for themselves, by name; merged persons show as their identities."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        chosen = _standing(ctx) if include_bots else _standing(ctx).where(Person.is_bot.is_(False))
        return _views(session, ctx, session.scalars(chosen).all())


def names(ctx: Context) -> dict[str, str]:
    """What to call each person on a chart, bots too; two of one name get their address behind it."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        found = session.execute(
            sa.select(Person.id, Person.name, Person.email).where(
                Person.workspace_id == ctx.workspace.id, Person.merged_into_id.is_(None)
            )
        ).all()
    often = Counter(name for _, name, _ in found)
    return {id_: f"{name} ({email})" if often[name] > 1 and email else name for id_, name, email in found}


def person(ctx: Context, ref: str) -> PersonView:
    """The person with this id, email, login or name; a merged one gives the person it counts for."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        found = session.get(Person, _found(session, ctx, ref))
        assert found is not None
        return _views(session, ctx, [found])[0]


def current_ids(ctx: Context, person_ids: Iterable[str]) -> dict[str, str]:
    """For each id that was ever a person's, the person it counts for now. Unknown ids are left out."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    asked = list(person_ids)
    with ctx.app.reading() as session:
        ends = roots(session, ctx.workspace.id)
        known = set(
            session.scalars(sa.select(Person.id).where(Person.workspace_id == ctx.workspace.id, Person.id.in_(asked)))
        )
    return {id_: ends.get(id_, id_) for id_ in asked if id_ in known}


def rename(ctx: Context, person_id: str, name: str) -> None:
    """Change what a person is called."""
    if not name.strip():
        raise BadInput("A person needs a name.")
    with changing(ctx) as session:
        row = own_row(session, ctx, person_id)
        note(session, ctx, "people.rename", name, person_id=person_id, before=row.name)
        row.name = name.strip()[:240]
        mark_labels(session, ctx)


def lock(ctx: Context, person_id: str, locked: bool = True) -> None:
    """Keep automation away from this person, or let it come back."""
    with changing(ctx) as session:
        row = own_row(session, ctx, person_id)
        row.is_locked = locked
        mark_labels(session, ctx)
        note(session, ctx, "people.lock", row.name, person_id=person_id, locked=locked)


def own_row(session: Session, ctx: Context, person_id: str) -> Person:
    """The row of a person of this workspace; NotFound if there is none."""
    row = session.get(Person, person_id)
    if row is None or row.workspace_id != ctx.workspace.id:
        raise NotFound(f"There is no person '{person_id}' in this workspace. `sightline people list` shows everybody.")
    return row


def _standing(ctx: Context) -> sa.Select[Person]:
    return (
        sa.select(Person)
        .where(Person.workspace_id == ctx.workspace.id, Person.merged_into_id.is_(None))
        .order_by(sa.func.lower(Person.name), Person.email, Person.id)
    )


def _views(session: Session, ctx: Context, rows: Iterable[Person]) -> list[PersonView]:
    rows = list(rows)
    only = [row.id for row in rows] if len(rows) == 1 else None
    identities, teams = _identities(session, ctx, only), _teams_today(session, ctx)
    known = schedules(session, ctx)
    return [
        PersonView(
            row.id, row.name, row.email, row.is_bot, row.is_locked, tuple(teams[row.id]),
            schedule_of(known, row.id).time_zone, tuple(identities[row.id]), row.bot_reason,
        )
        for row in rows
    ]  # fmt: skip


def _identities(session: Session, ctx: Context, only: list[str] | None) -> dict[str, list[IdentityView]]:
    columns = [getattr(Identity, field.name) for field in fields(IdentityView)]
    chosen = sa.select(Identity.person_id, *columns).where(Identity.workspace_id == ctx.workspace.id)
    if only is not None:
        chosen = chosen.where(Identity.person_id.in_(only))
    views: dict[str, list[IdentityView]] = defaultdict(list)
    for row in session.execute(chosen.order_by(Identity.count.desc(), Identity.id)):
        views[row[0]].append(IdentityView(*row[1:]))
    return views


def _teams_today(session: Session, ctx: Context) -> dict[str, list[str]]:
    ends, today = roots(session, ctx.workspace.id), ctx.clock().date()
    found = session.execute(
        sa.select(Membership.person_id, Membership.team_id)
        .where(Membership.workspace_id == ctx.workspace.id, Membership.from_day <= today)
        .where(sa.or_(Membership.to_day.is_(None), Membership.to_day > today))
        .order_by(Membership.from_day)
    )
    teams: dict[str, list[str]] = defaultdict(list)
    for person_id, team_id in found:
        end = ends.get(person_id, person_id)
        if team_id not in teams[end]:
            teams[end].append(team_id)
    return teams


def _beginning(text: str) -> str:
    """The first digits of an id, as commands print them; what no id begins with, if this is none."""
    return text if re.fullmatch(r"[0-9a-f]{8,31}", text) else "-"


def _found(session: Session, ctx: Context, ref: str) -> str:
    text = ref.strip().casefold()
    in_workspace = Identity.workspace_id == ctx.workspace.id
    tries = (
        sa.select(Person.id).where(Person.workspace_id == ctx.workspace.id, Person.id == ref.strip()),
        sa.select(Person.id).where(Person.workspace_id == ctx.workspace.id, Person.id.startswith(_beginning(text))),
        sa.select(Identity.person_id).where(in_workspace, sa.func.lower(Identity.email) == text),
        sa.select(Person.id).where(
            Person.workspace_id == ctx.workspace.id,
            Person.merged_into_id.is_(None),
            sa.func.lower(Person.name) == text,
        ),
        sa.select(Identity.person_id).where(
            in_workspace, sa.or_(sa.func.lower(Identity.name) == text, sa.func.lower(Identity.login) == text)
        ),
    )
    ends = roots(session, ctx.workspace.id)
    for attempt in tries:
        found = sorted({ends.get(id_, id_) for id_ in session.scalars(attempt)})
        if len(found) == 1:
            return found[0]
        if found:
            raise Conflict(f"'{ref}' is the name of {len(found)} persons. Name one by its email or id.")
    known = session.execute(sa.select(Identity.name, Identity.email).where(in_workspace)).all()
    raise NotFound(
        f"There is no person '{ref}' in this workspace.{did_you_mean(ref, {w for row in known for w in row})}"
    )
