"""Who leads which team: where leads see their teams, this decides whose numbers they see."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from core.access import users
from core.access.models import User, WorkspaceMember
from core.access.workspaces import note
from core.base.errors import NotFound
from core.context import Capability, Context
from core.people.models import TeamLead
from core.people.teams import team as team_named


def leads(ctx: Context) -> dict[str, list[str]]:
    """User names of every team's leads, by team."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    asked = (
        sa.select(TeamLead.team_id, User.username)
        .join(User, User.id == TeamLead.user_id)
        .where(TeamLead.workspace_id == ctx.workspace.id)
        .order_by(User.username)
    )
    found: dict[str, list[str]] = defaultdict(list)
    with ctx.app.reading() as session:
        for team_id, username in session.execute(asked):
            found[team_id].append(username)
    return dict(found)


def set_leads(ctx: Context, team_ref: str, usernames: list[str]) -> None:
    """Say who leads a team. It may open individuals' numbers, so only admins decide it."""
    ctx.require(Capability.MANAGE_USERS)
    team = team_named(ctx, team_ref)
    wanted = [_member(ctx, username) for username in dict.fromkeys(usernames)]
    with ctx.app.session() as session:
        session.execute(sa.delete(TeamLead).where(TeamLead.team_id == team.id))
        session.add_all(TeamLead(workspace_id=ctx.workspace.id, team_id=team.id, user_id=one) for one in wanted)
        note(session, ctx, "people.leads", team.name, team_id=team.id, users=sorted(usernames))


def _member(ctx: Context, username: str) -> str:
    user = users.named(ctx.app, username)
    with ctx.app.reading() as session:
        if session.get(WorkspaceMember, (ctx.workspace.id, user.id)) is None:
            raise NotFound(f"'{username}' is no member of '{ctx.workspace.name}'. Add them under Users first.")
    return user.id
