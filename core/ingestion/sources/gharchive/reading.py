"""Reads hourly files of GH Archive into the facts of the repositories that are wanted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.workspaces import note
from core.catalogue.models import Repository
from core.components import placing
from core.context import Capability, Context
from core.ingestion.kind import Progress
from core.ingestion.models import Upload
from core.ingestion.records import feeds
from core.ingestion.rules import applying
from core.ingestion.sources.gharchive import files
from core.ingestion.sources.gharchive.repositories import Repositories
from core.ingestion.sources.gharchive.workers import Answer, Workers
from core.ingestion.staging import column_types
from core.ingestion.writing import FactWriter, Written
from core.people.views import Seen
from core.stores.app import new_id

SOURCE = "gharchive"
TABLES = ("commits", "pull_requests", "reviews", "review_comments", "issues", "releases")


@dataclass(frozen=True, slots=True)
class Archived:
    """What was read."""

    files: int
    events: int
    """In the files."""
    taken: int
    """Of the repositories and kinds that are wanted."""
    repositories: int
    written: Written
    complete_until: datetime | None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Told:
    """What the workers told so far."""

    repositories: dict[str, str] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    tally: Counter[str] = field(default_factory=Counter)
    files: int = 0


def read(
    ctx: Context,
    paths: Sequence[str | Path],
    patterns: Sequence[str],
    name: str = "GH Archive",
    progress: Progress = lambda share, text: None,
    *,
    commits: bool = False,
) -> Archived:
    """Read the files: the same ones again change nothing, and their order does not matter.

    `commits` takes those that pushes list too, dated by their push: neither lines nor the author's clock are told.
    """
    ctx.require(Capability.MANAGE_SOURCES)
    found = files.found(paths)
    known = _known(ctx)
    Repositories(patterns, known, ctx.workspace.id)  # says what is wrong with the patterns before anything is read
    upload_id, seen = new_id(), Told()
    writer = FactWriter(ctx, "", f"{SOURCE}:{upload_id}", int(ctx.clock().timestamp()), by_time=True)
    told = {"patterns": list(patterns), "known": known, "workspace_id": ctx.workspace.id, "source": writer.source,
            "commits": commits, "types": {table: column_types(ctx, table) for table in TABLES}}  # fmt: skip
    try:
        with closing(Workers(found, json.dumps(told).encode())) as workers:
            for answer in workers.answers():
                _taken(writer, seen, answer)
                progress(0.9 * seen.files / len(found), f"{seen.tally['events']:,} events")
        progress(0.9, "Comparing")
        written = writer.close()
    except BaseException:
        writer.discard()
        raise
    until, missing = files.complete_until(found)
    with ctx.app.session() as session:
        _kept(session, ctx, seen, written, until, upload_id, name)
    applying.refresh(ctx, seen.repositories.values())
    placing.place(ctx, seen.repositories.values())
    return Archived(
        seen.files, seen.tally["events"], seen.tally["taken"], len(seen.repositories), written, until,
        tuple(_notes(seen, missing)),
    )  # fmt: skip


def _taken(writer: FactWriter, seen: Told, answer: Answer) -> None:
    for table, (block, columns) in answer.tables.items():
        writer.lay(table, block, columns)
        seen.tables.add(table)
    for email, name, login, provider, is_bot, first, last, count in answer.head.get("people", ()):
        begin, end = datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)
        writer.see(Seen(email, name, login, provider, is_bot, begin, end, count))
    seen.repositories |= answer.head.get("repositories", {})
    if "file" in answer.head:
        seen.files += 1
        for what in ("events", "taken", "unreadable"):
            seen.tally[what] += answer.head.get(what, 0)


def _kept(
    session: Session, ctx: Context, seen: Told, written: Written, until: datetime | None, upload_id: str, name: str
) -> None:
    """Repositories, feeds, what was read and the journal: all or nothing."""
    there = set(session.scalars(sa.select(Repository.id).where(Repository.workspace_id == ctx.workspace.id)))
    taken = set(session.scalars(sa.select(Repository.name).where(Repository.workspace_id == ctx.workspace.id)))
    same = {"workspace_id": ctx.workspace.id, "created_at": ctx.clock(), "is_active": True, "is_shallow": False}
    fresh = [
        same | {"id": id_, "name": (full if full not in taken else f"github.com/{full}")[:240], "default_branch": "",
                "url": f"https://github.com/{full}"}
        for full, id_ in seen.repositories.items()
        if id_ not in there
    ]  # fmt: skip
    if fresh:
        session.execute(sa.insert(Repository), fresh)
    session.flush()
    if until:
        for table in sorted(seen.tables):
            feeds.told(session, ctx, table, SOURCE, dict.fromkeys(seen.repositories.values(), min(until, ctx.clock())))
    if written.changed:
        totals = written.tables.values()
        session.add(
            Upload(
                id=upload_id, workspace_id=ctx.workspace.id, source=name[:120], kind=SOURCE,
                name=f"{seen.files} hourly files", repo_ids=sorted(seen.repositories.values()), made_by=ctx.actor.name,
                created_at=ctx.clock(), updated_at=ctx.clock(), rows=seen.tally["taken"],
                refused=seen.tally["unreadable"], added=sum(one.added for one in totals),
                changed=sum(one.changed for one in totals), refusals=[],
            )
        )  # fmt: skip
        note(session, ctx, "records.push", name, kind=SOURCE, rows=seen.tally["taken"])
    written.note(session, ctx, "import")


def _known(ctx: Context) -> dict[str, str]:
    """Repositories that are here already, by the name that GitHub has for them."""
    with ctx.app.reading() as session:
        mine = sa.select(Repository).where(Repository.workspace_id == ctx.workspace.id)
        rows = list(session.scalars(mine))
    by_name = {row.name: row.id for row in rows if row.name.count("/") == 1}
    marks = ("github.com/", "github.com:")
    by_url = {
        row.url.partition(mark)[2].removesuffix(".git").strip("/"): row.id
        for row in rows
        for mark in marks
        if mark in row.url
    }
    return by_name | by_url


def _notes(seen: Told, missing: Sequence[datetime]) -> list[str]:
    notes = []
    if missing:
        notes.append(
            f"Hours that are missing between the first file and the last: {len(missing):,}, the first is"
            f" {missing[0]:%Y-%m-%d %H}:00 UTC. What happened in them is not known."
        )
    if seen.tally["unreadable"]:
        notes.append(f"Events that could not be read: {seen.tally['unreadable']:,}. They were left out.")
    if not seen.tally["taken"]:
        notes.append("No event was of a repository that is wanted. Look at the pattern: owner/name, owner/*, or *.")
    return notes
