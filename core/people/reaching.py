"""Where the people of a workspace get mail, who leads its teams, and whose an address is: one look for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import User, WorkspaceMember
from core.context import Capability, Context
from core.people.merging import roots
from core.people.models import Identity, Person, TeamLead
from core.people.teams import teams
from core.people.views import TeamView

_NOBODY_READS = ("@users.noreply.github.com", "noreply@", "no-reply@", "@localhost")


@dataclass(frozen=True, slots=True)
class Reach:
    """Teams and people of today. Addresses as they are written; those that are looked up are in lower case."""

    teams: Mapping[str, TeamView]
    people: Mapping[str, str]
    """Names by id, without bots."""
    mail: Mapping[str, str]
    """Where each person gets mail; nothing of those who have no address that anybody reads."""
    leads: Mapping[str, tuple[str, ...]]
    """Addresses of each team's leads."""
    persons: Mapping[str, str]
    """Whose an address is."""
    current: Mapping[str, str]
    """For every merged person, the person it counts for now."""

    @classmethod
    def of(cls, ctx: Context, addresses: Iterable[str] = ()) -> Reach:
        """The workspace as it is now; of `addresses` it also knows whose they are by what sources saw."""
        ctx.require(Capability.VIEW_DASHBOARDS)
        known = {team.id: team for team in teams(ctx)}
        with ctx.app.reading() as session:
            current = roots(session, ctx.workspace.id)
            people = session.execute(_people(ctx)).all()
            users = session.execute(_users(ctx)).all()
            leads = _leads(session, ctx, {user_id: email for user_id, email, _ in users})
            seen = _seen(session, ctx, addresses)
        mail = {id_: email for id_, _, email in people if _is_read(email)}
        mail |= {current.get(person, person): email for _, email, person in users if person}
        persons = {**seen, **{email.casefold(): id_ for id_, email in mail.items()}}
        return cls(known, {id_: name for id_, name, _ in people}, mail, leads, persons, current)

    def below(self, team_id: str) -> frozenset[str]:
        """The team and all inside it."""
        found = {team_id}
        while fresh := {one.id for one in self.teams.values() if one.parent_id in found and one.id not in found}:
            found |= fresh
        return frozenset(found)

    def inside(self, team_id: str) -> list[str]:
        """Ids of the people in the team and in those inside it, by name."""
        found = {one for team in self.below(team_id) if team in self.teams for one in self.teams[team].member_ids}
        return sorted(found & self.people.keys(), key=lambda one: (self.people[one].casefold(), one))

    def teams_of(self, address: str) -> list[str]:
        """Ids of the teams that whoever reads there leads, else of those that they are in."""
        person = self.persons.get(address.casefold(), "")
        theirs = {address.casefold(), self.mail.get(person, address).casefold()}
        led = [team for team, leads in self.leads.items() if theirs & {one.casefold() for one in leads}]
        return led or [team.id for team in self.teams.values() if person and person in team.member_ids]


def _people(ctx: Context) -> sa.Select[str, str, str]:
    return sa.select(Person.id, Person.name, Person.email).where(
        Person.workspace_id == ctx.workspace.id, Person.merged_into_id.is_(None), Person.is_bot.is_(False)
    )


def _users(ctx: Context) -> sa.Select[str, str, str | None]:
    return (
        sa.select(User.id, User.email, WorkspaceMember.person_id)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .where(WorkspaceMember.workspace_id == ctx.workspace.id, User.is_active)
        .order_by(User.email)
    )


def _leads(session: Session, ctx: Context, users: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    asked = sa.select(TeamLead.team_id, TeamLead.user_id).where(TeamLead.workspace_id == ctx.workspace.id)
    found: dict[str, list[str]] = defaultdict(list)
    for team_id, user_id in session.execute(asked):
        if user_id in users:
            found[team_id].append(users[user_id])
    return {team_id: tuple(sorted(emails)) for team_id, emails in found.items()}


def _seen(session: Session, ctx: Context, addresses: Iterable[str]) -> dict[str, str]:
    wanted = {one.casefold() for one in addresses}
    email = sa.func.lower(Identity.email)
    asked = sa.select(email, Identity.person_id).where(Identity.workspace_id == ctx.workspace.id, email.in_(wanted))
    return dict(session.execute(asked).all()) if wanted else {}


def _is_read(email: str) -> bool:
    return "@" in email and not any(part in email.casefold() for part in _NOBODY_READS)
