"""Repositories of a provider as sources: chosen by name or pattern, and those that match later as well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import BadInput
from core.catalogue.models import Repository
from core.context import Capability, Context
from core.ingestion.account import Account, Found
from core.ingestion.models import Source, SourcePattern
from core.ingestion.origins import origin_of
from core.ingestion.patterns import cleaned, is_wild, matched
from core.ingestion.sharing import home_of, named


@dataclass(frozen=True, slots=True)
class Candidate:
    """A repository that a choice of patterns means."""

    path: str
    url: str
    is_archived: bool
    left_out: str
    """Why it will not be followed; empty if it will."""
    is_followed: bool
    """Whether it is a source already."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Patterns that are kept for an account."""

    connection_id: str
    kind: str
    patterns: tuple[str, ...]
    excluded: tuple[str, ...]


def preview(ctx: Context, connection_id: str, patterns: Iterable[str], excluded: Iterable[str] = ()) -> list[Candidate]:
    """What the patterns mean at this moment; nothing is kept."""
    ctx.require(Capability.MANAGE_SOURCES)
    with closing(_account(ctx, connection_id)) as account:
        found = matched(account, cleaned(patterns), cleaned(excluded))
        here = _followed(ctx, account.key)
        return [
            Candidate(m.found.path, m.found.url, m.found.is_archived, m.left_out, _place(account, m.found) in here)
            for m in found
        ]


def add(ctx: Context, connection_id: str, patterns: Iterable[str], excluded: Iterable[str] = ()) -> list[str]:
    """Make a source of every repository that is meant, and keep the patterns; ids of the sources that are new."""
    ctx.require(Capability.MANAGE_SOURCES)
    wanted, without = cleaned(patterns), cleaned(excluded)
    if not wanted:
        raise BadInput("Name a repository as owner/name, or all of an owner as owner/*.")
    with closing(_account(ctx, connection_id)) as account:
        found = [match.found for match in matched(account, wanted, without) if not match.left_out]
        if not found:
            raise BadInput(f"No repository at {account.host} is meant by {', '.join(wanted)}. Check the pattern.")
        with ctx.app.session() as session:
            _keep(session, ctx, connection_id, account.key, [one for one in wanted if is_wild(one)], without)
            made = [_made(session, ctx, account, connection_id, one) for one in found]
    return [source_id for source_id in made if source_id]


def expand(ctx: Context, connection_id: str = "") -> list[str]:
    """Ask what the kept patterns mean now, and make sources of what is new; their ids."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.reading() as session:
        rows = list(session.scalars(_kept(ctx)))
    made: list[str | None] = []
    for row in rows:
        if connection_id in ("", row.connection_id):
            with closing(_account(ctx, row.connection_id)) as account:
                found = [match.found for match in matched(account, row.patterns, row.excluded) if not match.left_out]
                with ctx.app.session() as session:
                    made += [_made(session, ctx, account, row.connection_id, one) for one in found]
                    session.get_one(SourcePattern, row.id).expanded_at = ctx.clock()
    return [source_id for source_id in made if source_id]


def followed(ctx: Context) -> list[Followed]:
    """The patterns that are kept."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.reading() as session:
        rows = session.scalars(_kept(ctx))
        return [Followed(row.connection_id, row.kind, tuple(row.patterns), tuple(row.excluded)) for row in rows]


def unfollow(ctx: Context, connection_id: str) -> None:
    """Keep no patterns of this account any longer. What is a source already stays one."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.session() as session:
        for row in session.scalars(_kept(ctx).where(SourcePattern.connection_id == connection_id)):
            workspaces.note(session, ctx, "patterns forgotten", ", ".join(row.patterns))
            session.delete(row)


def read_with(ctx: Context, connection_id: str) -> list[str]:
    """Names of the sources that are read with this connection."""
    with ctx.app.reading() as session:
        mine = sa.select(Source).where(Source.workspace_id == ctx.workspace.id, Source.kind != "git")
        rows = session.scalars(mine.order_by(Source.name))
        return [row.name for row in rows if row.config.get("connection_id") == connection_id]


def let_go(session: Session, ctx: Context, source: Source) -> None:
    """Leave out of the kept patterns a repository whose source somebody removes, or it would come back."""
    path = source.config.get("repository", "")
    for row in session.scalars(_kept(ctx).where(SourcePattern.connection_id == source.config.get("connection_id"))):
        if path and path not in row.excluded:
            row.excluded = [*row.excluded, path]


def _account(ctx: Context, connection_id: str) -> Account:
    account: Account = ctx.account(ctx, connection_id)
    return account


def _kept(ctx: Context) -> sa.Select[SourcePattern]:
    mine = sa.select(SourcePattern).where(SourcePattern.workspace_id == ctx.workspace.id)
    return mine.order_by(SourcePattern.created_at)


def _keep(
    session: Session, ctx: Context, connection_id: str, kind: str, wild: Sequence[str], without: Sequence[str]
) -> None:
    """Lay patterns to those that the account has."""
    if not wild:
        return
    row = session.scalar(_kept(ctx).where(SourcePattern.connection_id == connection_id))
    if row is None:
        row = SourcePattern(
            workspace_id=ctx.workspace.id, connection_id=connection_id, kind=kind, patterns=[], excluded=[],
            created_at=ctx.clock(), created_by=ctx.actor.user_id or None,
        )  # fmt: skip
        session.add(row)
    row.patterns = list(dict.fromkeys([*row.patterns, *wild]))
    row.excluded = list(dict.fromkeys([*row.excluded, *without]))
    row.expanded_at = ctx.clock()
    workspaces.note(session, ctx, "patterns followed", ", ".join(row.patterns), without=row.excluded)


def _followed(ctx: Context, kind: str) -> set[str]:
    with ctx.app.reading() as session:
        mine = sa.select(Source.location).where(Source.workspace_id == ctx.workspace.id, Source.kind == kind)
        return {location.casefold() for location in session.scalars(mine)}


def _place(account: Account, found: Found) -> str:
    return f"{account.host}/{found.path}".casefold()


def _made(session: Session, ctx: Context, account: Account, connection_id: str, found: Found) -> str | None:
    """The id of a new source; None if it is one already."""
    location = f"{account.host}/{found.path}"
    known = sa.select(Source.id).where(Source.workspace_id == ctx.workspace.id, Source.kind == account.key)
    if session.scalar(known.where(sa.func.lower(Source.location) == location.casefold())):
        return None
    origin = origin_of(found.url)
    repo = home_of(session, ctx, origin, account.key) or _new_home(session, ctx, found, origin)
    repo.url, repo.default_branch = repo.url or found.url, repo.default_branch or found.default_branch
    row = Source(
        workspace_id=ctx.workspace.id, kind=account.key, name=found.path, location=location, repo_id=repo.id,
        config={"connection_id": connection_id, "repository": found.path}, cursor={}, version=0,
        created_at=ctx.clock(), created_by=ctx.actor.user_id or None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    workspaces.note(session, ctx, "source added", row.name, path=location)
    return row.id


def _new_home(session: Session, ctx: Context, found: Found, origin: str) -> Repository:
    taken = set(session.scalars(sa.select(Repository.name).where(Repository.workspace_id == ctx.workspace.id)))
    repo = Repository(
        workspace_id=ctx.workspace.id, name=named(found.path, origin, taken), url=found.url,
        default_branch=found.default_branch, created_at=ctx.clock(), is_active=True,
    )  # fmt: skip
    session.add(repo)
    session.flush()
    return repo
