"""The demo's rows in the app store: repositories and feeds, people, teams, schedules, leave; and taking it all away."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.workspaces import data_changed
from core.catalogue.models import Feed, Repository
from core.context import Context
from core.demo.cast import ALIASES, CAST, COUNTRIES, REORG_DAY, REPOS, SPAN_DAYS, TEAMS
from core.demo.identities import sightings
from core.demo.stage import Stage
from core.exports.models import ExportJob
from core.people import service as people
from core.people.models import Leave, Membership, Schedule, Team
from core.stores.app import Base

FACTS = (
    "commits", "commit_files", "pull_requests", "reviews", "review_comments", "review_requests", "pr_commits",
    "issues", "deployments", "incidents",
)  # fmt: skip
OF_PEOPLE = ("identity_people", "team_members", "work_schedules", "days_off")
KEPT = frozenset({"workspaces", "workspace_members", "web_sessions", "audit_log", "data_changes"})
"""Who may enter, what was done, and what snapshots still have to read stay through a reset."""
HOURS = {"start_minute": 9 * 60, "end_minute": 18 * 60}


def fill(ctx: Context, stage: Stage, counts: dict[int, int]) -> None:
    """Write everything that is not a fact; `counts` are commits by identity."""
    people.register(ctx, sightings(stage, counts))
    persons = {member.login: people.person(ctx, member.email).id for member in CAST}
    anchor = datetime.combine(stage.first_day + timedelta(days=SPAN_DAYS), time.min, UTC)
    with ctx.app.session() as session:
        _repositories(session, ctx, anchor)
        _teams(session, ctx, stage.first_day, persons)
        _calendars(session, ctx, stage, persons)
        data_changed(
            session, ctx.workspace.id, ctx.clock(), "import", stage.first_day, (anchor - timedelta(days=1)).date()
        )
    people.publish(ctx)
    for alias in ALIASES:
        if alias.merged:
            people.merge(ctx, persons[alias.login], people.person(ctx, alias.email).id, "An old address.")


def repository_ids(workspace_id: str) -> list[str]:
    """Ids of the demo's repositories, in the cast's order."""
    return [_id(workspace_id, repo.name) for repo in REPOS]


def wipe(ctx: Context) -> None:
    """Take away every fact, row and kept file of this workspace, but not who may enter it."""
    with ctx.app.reading() as session:
        kept = session.scalars(sa.select(ExportJob.file_path).where(ExportJob.workspace_id == ctx.workspace.id)).all()
    for key in filter(None, kept):
        ctx.files.delete(key)
    for table in metrics_tables(ctx):
        ctx.metrics.command(
            f"DELETE FROM {table} WHERE workspace_id = {{workspace:String}}",  # noqa: S608 - names of our own tables
            {"workspace": ctx.workspace.id},
        )
    with ctx.app.session() as session:
        for rows in reversed(Base.metadata.sorted_tables):
            if "workspace_id" in rows.columns and rows.name not in KEPT:
                session.execute(sa.delete(rows).where(rows.columns.workspace_id == ctx.workspace.id))


def metrics_tables(ctx: Context) -> list[str]:
    """Tables of the metrics store that keep rows by workspace."""
    found = ctx.metrics.rows(
        "SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'workspace_id' ORDER BY table"
    )
    return [row["table"] for row in found]


def _repositories(session: Session, ctx: Context, anchor: datetime) -> None:
    now, ids = ctx.clock(), repository_ids(ctx.workspace.id)
    session.execute(
        sa.insert(Repository),
        [
            {"id": id_, "workspace_id": ctx.workspace.id, "name": repo.name, "default_branch": "main", "url": "",
             "is_shallow": False, "is_active": True, "created_at": now}
            for id_, repo in zip(ids, REPOS, strict=True)
        ],
    )  # fmt: skip
    session.execute(
        sa.insert(Feed),
        [
            {"workspace_id": ctx.workspace.id, "repo_id": id_, "fact": fact, "source": "demo", "is_approximate": False,
             "complete_until": anchor, "updated_at": now}
            for id_ in ids
            for fact in FACTS
        ],
    )  # fmt: skip


def _teams(session: Session, ctx: Context, first_day: date, persons: dict[str, str]) -> None:
    ids = {name: _id(ctx.workspace.id, f"team {name}") for name in TEAMS}
    session.add_all(
        Team(id=id_, workspace_id=ctx.workspace.id, name=name, created_at=ctx.clock()) for name, id_ in ids.items()
    )
    session.flush()
    for member in CAST:
        spans = [(member.team, max(member.joined, 0), member.left)]
        if member.moves_to:
            spans = [(member.team, max(member.joined, 0), REORG_DAY), (member.moves_to, REORG_DAY, member.left)]
        for team, start, end in spans:
            session.add(
                Membership(
                    id=_id(ctx.workspace.id, f"{member.login} in {team}"),
                    workspace_id=ctx.workspace.id, team_id=ids[team], person_id=persons[member.login],
                    from_day=first_day + timedelta(days=start),
                    to_day=first_day + timedelta(days=end) if end <= SPAN_DAYS else None,
                )
            )  # fmt: skip


def _calendars(session: Session, ctx: Context, stage: Stage, persons: dict[str, str]) -> None:
    session.add_all(
        Schedule(workspace_id=ctx.workspace.id, person_id=persons[member.login], working_weekdays=[1, 2, 3, 4, 5],
                 time_zone=member.zone, country=COUNTRIES[member.zone], **HOURS)
        for member in CAST
    )  # fmt: skip
    for person, start, end, reason in stage.leaves:
        login = CAST[person].login
        session.add(
            Leave(
                id=_id(ctx.workspace.id, f"{login} away {start}"), workspace_id=ctx.workspace.id,
                person_id=persons[login], first_day=stage.first_day + timedelta(days=start),
                last_day=stage.first_day + timedelta(days=end), reason=reason,
            )
        )  # fmt: skip


def _id(workspace_id: str, what: str) -> str:
    return blake2b(f"{workspace_id}:{what}".encode(), digest_size=16).hexdigest()
