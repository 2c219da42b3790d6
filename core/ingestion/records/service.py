"""Verbs of records: check, push, look at what was pushed, take it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.workspaces import note
from core.base.errors import BadInput, NotFound, SightlineError
from core.base.period import zone_of
from core.catalogue.models import Feed, Repository
from core.components import placing
from core.context import Capability, Context
from core.ingestion.models import Source, Upload
from core.ingestion.records import feeds
from core.ingestion.records.checking import Checked, Refusal, checked
from core.ingestion.records.facts import row_of
from core.ingestion.records.kinds import KINDS, Kind, Record, kind_of
from core.ingestion.records.people import identity
from core.ingestion.records.places import Places
from core.ingestion.records.reading import Numbered, records
from core.ingestion.records.templates import fields
from core.ingestion.rules import applying
from core.ingestion.tables import TABLES
from core.ingestion.writing import FactWriter, Written
from core.stores.app import new_id

SOURCE = "push"
"""What rows and feeds of pushed records are called."""
TOLD = 200
"""Refusals that an upload keeps."""
SAMPLES = 10
ARCHIVED = ("commits", "pull_requests", "reviews", "review_comments", "issues", "releases")
"""Facts of uploads that are no records of one kind: events of GH Archive."""


@dataclass(frozen=True, slots=True)
class Push:
    """How records are to be taken."""

    kind: str
    repo: str = ""
    """Repository of every row that names none."""
    source: str = "push"
    """What the records come from: uploads of one source are listed, and removed, together."""
    name: str = ""
    """Of the file."""
    time_zone: str = "UTC"
    """Of times without an offset."""
    logins_of: str = "github"
    """Whose logins words without a space are, in fields of people."""
    create_repo: bool = False
    ignore_unknown: bool = False
    dry_run: bool = False
    joins: bool = False
    """Whether it goes on with the source's upload of today, as programs do that push a record at a time."""
    adds: bool = False
    """Whether a record says only what it names, and leaves the rest of its row as it stands."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did, or in a dry run would do."""

    kind: str
    source: str
    rows: int
    accepted: int
    refused: int
    added: int
    changed: int
    upload_id: str = ""
    refusals: tuple[Refusal, ...] = ()
    new_repositories: tuple[str, ...] = ()
    samples: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    """Of a dry run: some rows that would be added or changed."""
    dry_run: bool = False

    @property
    def unchanged(self) -> int:
        """Rows that say what is known already, or the same as another row."""
        return self.accepted - self.added - self.changed

    @property
    def sentence(self) -> str:
        would = "would be " if self.dry_run else ""
        parts = [
            f"{self.added:,} {would}added",
            f"{self.changed:,} {would}changed",
            f"{self.unchanged:,} known already",
        ]
        return f"{self.rows:,} row{'s' * (self.rows != 1)}: {', '.join(parts)}, {self.refused:,} refused."


@dataclass(frozen=True, slots=True)
class UploadView:
    """Records that were pushed together."""

    id: str
    source: str
    kind: str
    name: str
    repositories: tuple[str, ...]
    made_by: str
    created_at: datetime
    updated_at: datetime
    rows: int
    refused: int
    added: int
    changed: int
    refusals: tuple[Refusal, ...]


def push(ctx: Context, stream: IO[bytes], fmt: str, how: Push) -> Pushed:
    """Take the records of a file. Rows that are not well are refused one by one, and the others stand."""
    ctx.require(Capability.MANAGE_SOURCES)
    kind = kind_of(how.kind)
    return take(ctx, kind, records(stream, fmt, fields(kind), ignore_unknown=how.ignore_unknown), how)


def take(ctx: Context, kind: Kind, rows: Iterable[Numbered], how: Push) -> Pushed:
    """Take numbered records."""
    ctx.require(Capability.MANAGE_SOURCES)
    zone_of(how.time_zone)
    if not how.source.strip():
        raise BadInput("Records need the name of their source: it is how they are found and removed.")
    taking = Taking(ctx, kind, how)
    writer = FactWriter(ctx, "", f"{SOURCE}:{taking.upload_id}", int(ctx.clock().timestamp()))
    try:
        for number, record in checked(kind, rows, taking.found, ctx.clock(), how.time_zone):
            taking.add(writer, number, record)
        if how.dry_run:
            written, samples = writer.preview(SAMPLES)
            return taking.result(written, tuple(samples.get(kind.fact, ())))
        written = writer.close()
    except BaseException:
        writer.discard()
        raise
    if taking.found.accepted:
        with ctx.app.session() as session:
            taking.keep(session, written)
        if written.changed:
            applying.refresh(ctx, taking.until)
            placing.place(ctx, taking.until)
    return taking.result(written)


class Taking:
    """One push while it goes on."""

    def __init__(self, ctx: Context, kind: Kind, how: Push) -> None:
        self.ctx, self.kind, self.how = ctx, kind, how
        self.places = Places(ctx, how.repo, create=how.create_repo)
        self.found = Checked()
        self.until: dict[str, datetime] = {}
        self.upload_id = (_todays(ctx, kind.key, how.source) if how.joins else "") or new_id()
        self.new: tuple[str, ...] = ()

    def add(self, writer: FactWriter, number: int, record: Record) -> None:
        try:
            repo_id = self.places.id_of(record.repository)
        except SightlineError as error:
            self.found.accepted -= 1
            self.found.refuse([Refusal(number, "repository", error.message)])
            return
        row = row_of(record, lambda who, at: identity(writer, who, self.how.logins_of, at))
        if self.how.adds:
            keys = TABLES[self.kind.fact].key
            said = {name: value for name, value in row.items() if name in keys or value not in (None, "", [], 0, False)}
            writer.patch(self.kind.fact, said, repo_id)
        else:
            writer.add(self.kind.fact, row, repo_id)
        told = [at for name in TABLES[self.kind.fact].moments if isinstance(at := row.get(name), datetime)]
        self.until[repo_id] = max([*told, self.until.get(repo_id, told[0])])
        self.new = tuple(self.places.new)

    def keep(self, session: Session, written: Written) -> None:
        """The upload's row, new repositories, feeds and the journal: all or nothing."""
        self.places.keep(session)
        row = session.get(Upload, self.upload_id) or self._fresh(session)
        row.updated_at = self.ctx.clock()
        row.repo_ids = sorted({*(row.repo_ids or ()), *self.until})
        row.rows, row.refused = row.rows + self.found.rows, row.refused + self.found.refused
        changes = written.tables.get(self.kind.fact)
        row.added += changes.added if changes else 0
        row.changed += changes.changed if changes else 0
        told = [[one.row, one.field, one.reason] for one in self.found.refusals]
        row.refusals = [*(row.refusals or ()), *told][-TOLD:]
        now = {repo: min(until, self.ctx.clock()) for repo, until in self.until.items()}
        feeds.told(session, self.ctx, self.kind.fact, SOURCE, now)
        written.note(session, self.ctx, "import")

    def _fresh(self, session: Session) -> Upload:
        row = Upload(
            id=self.upload_id, workspace_id=self.ctx.workspace.id, source=self.how.source.strip()[:120],
            kind=self.kind.key, name=self.how.name[:240], made_by=self.ctx.actor.name, created_at=self.ctx.clock(),
            repo_ids=[], rows=0, refused=0, added=0, changed=0, refusals=[],
        )  # fmt: skip
        session.add(row)
        note(session, self.ctx, "records.push", self.how.source, kind=self.kind.key, rows=self.found.rows)
        return row

    def result(self, written: Written, samples: tuple[dict[str, Any], ...] = ()) -> Pushed:
        changes, found = written.tables.get(self.kind.fact), self.found
        return Pushed(
            kind=self.kind.key, source=self.how.source, rows=found.rows, accepted=found.accepted, refused=found.refused,
            added=changes.added if changes else 0, changed=changes.changed if changes else 0,
            upload_id=self.upload_id if found.accepted and not self.how.dry_run else "",
            refusals=tuple(found.refusals), new_repositories=self.new, samples=samples, dry_run=self.how.dry_run,
        )  # fmt: skip


def uploads(ctx: Context) -> list[UploadView]:
    """What was pushed, the newest first."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.reading() as session:
        mine = sa.select(Repository.id, Repository.name).where(Repository.workspace_id == ctx.workspace.id)
        names: dict[str, str] = dict(session.execute(mine).all())
        rows = session.scalars(
            sa.select(Upload).where(Upload.workspace_id == ctx.workspace.id).order_by(Upload.updated_at.desc())
        )
        return [
            UploadView(
                row.id, row.source, row.kind, row.name, tuple(names[id_] for id_ in row.repo_ids if id_ in names),
                row.made_by, row.created_at, row.updated_at, row.rows, row.refused, row.added, row.changed,
                tuple(Refusal(*one) for one in row.refusals),
            )
            for row in rows
        ]  # fmt: skip


def remove(ctx: Context, ref: str) -> int:
    """Take back an upload by its id, or all of a source by its name; returns how many rows went.

    A row that a later push said anew belongs to that one, and stays.
    """
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.reading() as session:
        mine = sa.select(Upload).where(Upload.workspace_id == ctx.workspace.id)
        chosen = list(session.scalars(mine.where((Upload.id == ref) | (Upload.source == ref))))
    if not chosen:
        raise NotFound(f"Nothing was pushed as '{ref}'. `sightline records list` shows what was.")
    gone = sum(_taken_back(ctx, row) for row in chosen)
    with ctx.app.session() as session:
        note(session, ctx, "records.remove", ref, rows=gone)
    return gone


def _taken_back(ctx: Context, row: Upload) -> int:
    source, facts = (row.kind, ARCHIVED) if row.kind not in KINDS else (SOURCE, (KINDS[row.kind].fact,))
    gone = sum(_gone(ctx, repo_id, fact, source, row.id) for repo_id in row.repo_ids for fact in facts)
    applying.refresh(ctx, row.repo_ids)
    placing.place(ctx, row.repo_ids)
    with ctx.app.session() as session:
        session.execute(sa.delete(Upload).where(Upload.id == row.id))
        for repo_id in row.repo_ids:
            _forgotten(session, ctx, repo_id)
    return gone


def _gone(ctx: Context, repo_id: str, fact: str, source: str, upload_id: str) -> int:
    with FactWriter(ctx, repo_id, f"{source}:{upload_id}", int(ctx.clock().timestamp())) as writer:
        writer.only(fact)
        written = writer.close()
    asked = {"workspace": ctx.workspace.id, "repo": repo_id, "source": f"{source}:"}
    left = ctx.metrics.scalar(_LEFT.format(table=fact), asked)
    with ctx.app.session() as session:
        written.note(session, ctx, "import")
        if not left:
            feeds.no_more(session, ctx, fact, source, repo_id)
    return sum(written.counts.values())


_LEFT = (
    "SELECT count() FROM {table} FINAL WHERE workspace_id = {{workspace:String}} AND repo_id = {{repo:String}}"
    " AND startsWith(source, {{source:String}})"
)


def _forgotten(session: Session, ctx: Context, repo_id: str) -> None:
    """A repository that only pushes spoke of goes with the last of them."""
    others = session.scalars(sa.select(Upload).where(Upload.workspace_id == ctx.workspace.id))
    told = any(repo_id in other.repo_ids for other in others)
    fed = session.scalar(sa.select(Feed.fact).where(Feed.repo_id == repo_id).limit(1))
    read = session.scalar(sa.select(Source.id).where(Source.repo_id == repo_id).limit(1))
    if not (told or fed or read):
        session.execute(sa.delete(Repository).where(Repository.id == repo_id))


def _todays(ctx: Context, kind: str, source: str) -> str:
    """The upload of this source and day that is gone on with, if there is one."""
    today = ctx.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    with ctx.app.reading() as session:
        found = session.scalar(
            sa.select(Upload.id).where(
                Upload.workspace_id == ctx.workspace.id, Upload.kind == kind, Upload.source == source.strip()[:120],
                Upload.name == "", Upload.created_at >= today,
            )
        )  # fmt: skip
    return found or ""
