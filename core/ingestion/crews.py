"""Teams as a provider has them, taken over from the day on which that is done: what was before stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

import sqlalchemy as sa

from core.context import Capability, Context
from core.ingestion.account import Account, Crew
from core.people import service as people
from core.people.models import Identity
from core.people.views import Seen, TeamView


@dataclass(frozen=True, slots=True)
class CrewChange:
    """What taking a team over would change today."""

    team: str
    is_new: bool
    parent: str
    joining: tuple[str, ...]
    """Logins of those who would join."""
    leaving: tuple[str, ...]
    """Names of members with an account there who are not in that team there: they would leave."""
    staying: int


def preview(ctx: Context, connection_id: str, owner: str) -> list[CrewChange]:
    """What would change; nothing does."""
    ctx.require(Capability.MANAGE_PEOPLE)
    account, crews = _asked(ctx, connection_id, owner)
    known = _persons(ctx, account.provider)
    names = people.names(ctx)
    found = []
    for crew in crews:
        team = _team(ctx, crew.name)
        there, members = _members(crew, known), set(team.member_ids) if team else set[str]()
        leaving = sorted(names.get(one, "") for one in _leaving(members, there, known))
        joining = tuple(login for login in crew.logins if known.get(login.casefold()) not in members)
        found.append(
            CrewChange(crew.name, team is None, crew.parent, joining, tuple(leaving), len(members) - len(leaving))
        )
    return found


def take_over(ctx: Context, connection_id: str, owner: str) -> int:
    """Make the teams what they are there, from today on; how many memberships began or ended."""
    ctx.require(Capability.MANAGE_PEOPLE)
    account, crews = _asked(ctx, connection_id, owner)
    people.register(ctx, _sightings(account, crews, _persons(ctx, account.provider)))
    known, today, changed = _persons(ctx, account.provider), ctx.clock().date(), 0
    for crew in _parents_first(crews):
        parent = _team(ctx, crew.parent) if crew.parent else None
        team = _team(ctx, crew.name) or people.create_team(ctx, crew.name, parent.id if parent else None)
        there = _members(crew, known)
        for person_id in sorted(there - set(team.member_ids)):
            people.set_membership(ctx, person_id, team.id, today)
            changed += 1
        gone = _leaving(set(team.member_ids), there, known)
        for span in people.memberships(ctx, team_id=team.id) if gone else ():
            if span.person_id in gone and (span.to_day is None or span.to_day > today):
                people.end_membership(ctx, span.id, today)
                changed += 1
    return changed


def _asked(ctx: Context, connection_id: str, owner: str) -> tuple[Account, list[Crew]]:
    account: Account = ctx.account(ctx, connection_id)
    with closing(account):
        return account, list(account.crews(owner.strip().strip("/")))


def _persons(ctx: Context, provider: str) -> dict[str, str]:
    """Login in small letters → its person."""
    mine = sa.select(Identity.login, Identity.person_id).where(
        Identity.workspace_id == ctx.workspace.id, Identity.provider == provider, Identity.login != ""
    )
    with ctx.app.reading() as session:
        return {login.casefold(): person_id for login, person_id in session.execute(mine)}


def _sightings(account: Account, crews: list[Crew], known: Mapping[str, str]) -> list[Seen]:
    """Members of whom nothing else was ever seen."""
    logins = dict.fromkeys(login for crew in crews for login in crew.logins if login.casefold() not in known)
    return [Seen(email="", name="", login=login, provider=account.provider) for login in logins]


def _members(crew: Crew, known: Mapping[str, str]) -> set[str]:
    return {known[login.casefold()] for login in crew.logins if login.casefold() in known}


def _leaving(members: set[str], there: set[str], known: Mapping[str, str]) -> set[str]:
    """Members who are not in the team there. Of those without an account there, nothing can be said: they stay."""
    return (members - there) & set(known.values())


def _team(ctx: Context, name: str) -> TeamView | None:
    return next((one for one in people.teams(ctx) if one.name.casefold() == name.strip().casefold()), None)


def _parents_first(crews: list[Crew]) -> list[Crew]:
    above = {crew.name: crew.parent for crew in crews}

    def depth(name: str) -> int:
        steps = 0
        while (name := above.get(name, "")) and steps < len(above):
            steps += 1
        return steps

    return sorted(crews, key=lambda crew: (depth(crew.name), crew.name))
