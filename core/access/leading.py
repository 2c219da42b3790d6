"""Team leads: whom a user leads today, for the mode in which leads see their own teams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.context import Actor

LEADS = "leads"
"""The mode of a workspace in which this matters."""

# People stand above access, so that their rows are named here and not imported.
_TEAMS = sa.table("teams", *(sa.column(name, sa.String) for name in ("id", "workspace_id", "parent_id")))
_LEADS = sa.table("team_leads", *(sa.column(name, sa.String) for name in ("workspace_id", "team_id", "user_id")))
_MEMBERS = sa.table(
    "team_memberships", *(sa.column(name, sa.String) for name in ("team_id", "person_id")),
    sa.column("from_day", sa.Date), sa.column("to_day", sa.Date),
)  # fmt: skip
_PEOPLE = sa.table("people", *(sa.column(name, sa.String) for name in ("id", "workspace_id", "merged_into_id")))


def with_teams(session: Session, actor: Actor, workspace_id: str, individuals: str) -> Actor:
    """The actor with the teams that they lead, and who is in them today; the same where that does not matter."""
    if individuals != LEADS or actor.role == "admin":
        return actor
    own = sa.select(_LEADS.c.team_id).where(_LEADS.c.workspace_id == workspace_id, _LEADS.c.user_id == actor.user_id)
    led = set(session.scalars(own))
    if not led:
        return actor
    teams = _below(session, workspace_id, led)
    return replace(actor, led_team_ids=teams, led_person_ids=_inside(session, workspace_id, teams))


def _below(session: Session, workspace_id: str, led: set[str]) -> frozenset[str]:
    """These teams and all inside them."""
    asked = sa.select(_TEAMS.c.id, _TEAMS.c.parent_id).where(_TEAMS.c.workspace_id == workspace_id)
    pairs, found = session.execute(asked).all(), set(led)
    while fresh := {child for child, parent in pairs if parent in found and child not in found}:
        found |= fresh
    return frozenset(found)


def _inside(session: Session, workspace_id: str, teams: Iterable[str]) -> frozenset[str]:
    """Who is in these teams today, as the persons that they count for now."""
    today = sa.func.current_date()
    members = sa.select(_MEMBERS.c.person_id).where(
        _MEMBERS.c.team_id.in_(list(teams)), _MEMBERS.c.from_day <= today,
        sa.or_(_MEMBERS.c.to_day.is_(None), _MEMBERS.c.to_day > today),
    )  # fmt: skip
    merged = sa.select(_PEOPLE.c.id, _PEOPLE.c.merged_into_id).where(
        _PEOPLE.c.workspace_id == workspace_id, _PEOPLE.c.merged_into_id.is_not(None)
    )
    into = dict(session.execute(merged).all())
    return frozenset(_end(person, into) for person in session.scalars(members))


def _end(person: str, into: dict[str, str]) -> str:
    while person in into:
        person = into[person]
    return person
