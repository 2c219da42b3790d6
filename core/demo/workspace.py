"""The demo's rows in the app store: repositories and feeds, people, teams, schedules, leave; and taking it all away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.workspaces import data_changed
from core.catalogue.models import Feed, Repository
from core.context import Context
from core.demo.cast import ALIASES, CAST, COUNTRIES, NEVER_DAY, REORG_DAY, REPOS, TEAMS
from core.demo.identities import sightings
from core.demo.stage import Stage
from core.exports.models import ExportJob
from core.people import service as people
from core.people.models import Leave, Membership, Schedule, Team
from core.stores.app import Base

FACTS = (
    "commits", "commit_files", "pull_requests", "reviews", "review_comments", "review_requests", "pr_commits",
    "issues", "deployments", "incidents", "line_changes", "tree_files",
)  # fmt: skip
OF_PEOPLE = ("identity_people", "team_members", "work_schedules", "days_off")
KEPT = frozenset({"workspaces", "workspace_members", "web_sessions", "audit_log", "looks", "data_changes"})
"""Who may enter, what was done, and what snapshots still have to read stay through a reset."""
LAG_DAYS = 60
"""How far back a day that is added may reach: pull requests that were open are merged, incidents are resolved."""
HOURS = {"start_minute": 9 * 60, "end_minute": 18 * 60}


def fill(ctx: Context, stage: Stage, until: date, counts: dict[int, int]) -> None:
    """Write everything that is not a fact; `counts` are commits by identity."""
    people.register(ctx, sightings(stage.first_day, until, counts))
    persons = cast_of(ctx)
    with ctx.app.session() as session:
        _repositories(session, ctx, until)
        _teams(session, ctx, stage.first_day, persons)
        _calendars(session, ctx, persons)
        session.add_all(_leaves(ctx, stage, persons))
        data_changed(session, ctx.workspace.id, ctx.clock(), "import", stage.first_day, until - timedelta(days=1))
    people.publish(ctx)
    for alias in ALIASES:
        if alias.merged:
            people.merge(ctx, persons[alias.login], people.person(ctx, alias.email).id, "An old address.")


def go_on(
    ctx: Context, session: Session, stages: Sequence[Stage], persons: dict[str, str], since: date, until: date
) -> None:
    """In the caller's transaction, let the rows that are not facts reach from `since` to `until`.

    Only what the demo itself says is touched: how far its facts reach, and leave that begins in these days.
    """
    of_demo = (Feed.workspace_id == ctx.workspace.id, Feed.source == "demo")
    session.execute(sa.update(Feed).where(*of_demo).values(complete_until=_midnight(until), updated_at=ctx.clock()))
    for stage in stages[1:]:
        for leave in _leaves(ctx, stage, persons):
            if since <= leave.first_day < until and session.get(Leave, leave.id) is None:
                session.add(leave)
    days = since - timedelta(days=LAG_DAYS), until - timedelta(days=1)
    data_changed(session, ctx.workspace.id, ctx.clock(), "import", *days)


def cast_of(ctx: Context) -> dict[str, str]:
    """The cast by login; whoever was merged is the person that they were merged into."""
    return {member.login: people.person(ctx, member.email).id for member in CAST}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


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


def _repositories(session: Session, ctx: Context, until: date) -> None:
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
             "complete_until": _midnight(until), "updated_at": now}
            for id_ in ids
            for fact in FACTS
        ],
    )  # fmt: skip


def team_ids(workspace_id: str) -> dict[str, str]:
    """Ids of the demo's teams by name."""
    return {name: _id(workspace_id, f"team {name}") for name in TEAMS}


def _teams(session: Session, ctx: Context, first_day: date, persons: dict[str, str]) -> None:
    ids = team_ids(ctx.workspace.id)
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
                    to_day=first_day + timedelta(days=end) if end < NEVER_DAY else None,
                )
            )  # fmt: skip


def _calendars(session: Session, ctx: Context, persons: dict[str, str]) -> None:
    session.add_all(
        Schedule(workspace_id=ctx.workspace.id, person_id=persons[member.login], working_weekdays=[1, 2, 3, 4, 5],
                 time_zone=member.zone, country=COUNTRIES[member.zone], **HOURS)
        for member in CAST
    )  # fmt: skip


def _leaves(ctx: Context, stage: Stage, persons: dict[str, str]) -> list[Leave]:
    return [
        Leave(
            id=_id(ctx.workspace.id, f"{CAST[person].login} away {stage.before + start}"),
            workspace_id=ctx.workspace.id, person_id=persons[CAST[person].login],
            first_day=stage.first_day + timedelta(days=start), last_day=stage.first_day + timedelta(days=end),
            reason=reason,
        )
        for person, start, end, reason in stage.leaves
    ]  # fmt: skip


def _id(workspace_id: str, what: str) -> str:
    return blake2b(f"{workspace_id}:{what}".encode(), digest_size=16).hexdigest()
