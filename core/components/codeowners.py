"""A repository's CODEOWNERS: kept as it was read, shown with what changed, and made into components."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
import structlog

from core.base.errors import BadInput, NotFound, did_you_mean
from core.catalogue.models import Repository
from core.components import owners as reading
from core.components import placing, service
from core.components.models import CodeOwners, ComponentRule
from core.components.placing import CODEOWNERS, paths_of
from core.components.views import Lines, OwnersView, OwnerView, Wish
from core.context import Capability, Context
from core.people.models import Team

log = structlog.get_logger(__name__)

LARGEST = 3_000_000
"""Characters; GitHub itself reads files of up to 3 MB."""
GIVEN = "CODEOWNERS"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be made of an owner."""

    component: str
    """A name; of a component that there is, or of a new one."""
    team_id: str = ""


def owners(ctx: Context) -> list[OwnersView]:
    """Every repository that has a CODEOWNERS, with its owners and what may be made of them."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        rows = session.scalars(placing.files_here(ctx)).all()
        repos = service.repositories(session, ctx)
        teams = session.execute(sa.select(Team.id, Team.name).where(Team.workspace_id == ctx.workspace.id)).all()
    by_owner = _components_by_owner(ctx)
    named = {str(row.id): str(row.name) for row in teams}
    found = [_view(ctx, row, repos[row.repo_id], by_owner, named) for row in rows if row.repo_id in repos]
    return sorted(found, key=lambda view: view.repo.casefold())


def of(ctx: Context, repo: str) -> OwnersView:
    """The CODEOWNERS of the repository of this id or name."""
    known = owners(ctx)
    for view in known:
        if repo in (view.repo_id, view.repo):
            return view
    raise NotFound(
        f"No CODEOWNERS is known of '{repo}'.{did_you_mean(repo, [view.repo for view in known])}"
        " It is read from a clone at each sync, or handed in: sightline components import REPOSITORY --file CODEOWNERS."
    )


def take(ctx: Context, repo: str, chosen: Mapping[str, Choice]) -> list[str]:
    """Make these owners into components, each the one that is named; their names.

    A component that there is keeps what it has and gains the owner; its team changes only if one is given.
    """
    ctx.require(Capability.MANAGE_SOURCES)
    view = of(ctx, repo)
    known = {one.owner for one in view.owners}
    for owner in chosen:
        if owner not in known:
            raise NotFound(f"The file names no owner '{owner}'.{did_you_mean(owner, sorted(known))}")
    grouped: dict[str, list[str]] = {}
    teams: dict[str, str] = {}
    for owner, choice in chosen.items():
        grouped.setdefault(choice.component.strip(), []).append(owner)
        teams[choice.component.strip()] = choice.team_id or teams.get(choice.component.strip(), "")
    for name, its in grouped.items():
        _taken(ctx, view.repo_id, name, its, teams[name])
    return list(grouped)


def give(ctx: Context, repo: str, content: str, path: str = GIVEN, dialect: str = "") -> OwnersView:
    """Hand in the file of a repository that no clone is read of; until the clone has one, a sync leaves it alone."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.reading() as session:
        repos = service.repositories(session, ctx)
    repo_id = next((id_ for id_, name in repos.items() if repo in (id_, name)), "")
    if not repo_id:
        raise NotFound(f"There is no repository named '{repo}'.{did_you_mean(repo, list(repos.values()))}")
    if dialect and dialect not in reading.DIALECTS:
        raise BadInput(f"CODEOWNERS are read as {' or '.join(reading.DIALECTS)} reads them, not as '{dialect}'.")
    if not reading.read(content, dialect or reading.dialect_of(content, path)).entries:
        raise BadInput("The file has no line with a pattern and its owners, such as 'docs/ @acme/writers'.")
    keep(ctx, repo_id, (path, content), is_given=True, dialect=dialect)
    return of(ctx, repo_id)


def keep(ctx: Context, repo_id: str, file: tuple[str, str] | None, *, is_given: bool = False, dialect: str = "") -> str:
    """Keep what was read, map paths anew if it changed, and say in a sentence what that did; empty if it did nothing.

    `file` is (path, content), None where the repository has none.
    """
    with ctx.app.session() as session:
        row = session.get(CodeOwners, (ctx.workspace.id, repo_id))
        if file is None or len(file[1]) > LARGEST:
            if row is None or row.is_given:
                return ""
            session.delete(row)
            added, removed = reading.differences(row.content, "")
            said = f"CODEOWNERS is gone from the repository. Lines that went: {len(removed):,}."
        else:
            url = session.get_one(Repository, repo_id).url
            if row and row.content == file[1] and row.path == file[0] and dialect in ("", row.dialect):
                row.read_at, row.is_given = ctx.clock(), row.is_given and is_given
                return ""
            fresh = row is None
            row = row or CodeOwners(
                workspace_id=ctx.workspace.id, repo_id=repo_id, path="", content="", dialect="github"
            )
            added, removed = reading.differences(row.content, file[1])
            row.path, row.content, row.is_given = file[0][:240], file[1], is_given
            row.dialect = dialect or reading.dialect_of(file[1], file[0], url)
            row.read_at = row.changed_at = ctx.clock()
            row.change = {} if fresh else {"added": added[:200], "removed": removed[:200], "moved": 0}
            session.add(row)
            said = "" if fresh else f"CODEOWNERS changed. Lines that came: {len(added):,}, that went: {len(removed):,}."
    moved = placing.place(ctx, [repo_id])
    if said and moved:
        _note_moved(ctx, repo_id, moved)
        said = f"{said} Paths that belong to other components now, in all history: {moved:,}."
    return said


def _note_moved(ctx: Context, repo_id: str, moved: int) -> None:
    with ctx.app.session() as session:
        row = session.get(CodeOwners, (ctx.workspace.id, repo_id))
        if row:
            row.change = {**row.change, "moved": moved}


def _taken(ctx: Context, repo_id: str, name: str, its: Sequence[str], team_id: str) -> None:
    known = next((one for one in service.components(ctx) if one.name.casefold() == name.casefold()), None)
    if known is None:
        service.save(ctx, Wish(name, team_id, (Lines(repo_id, owners=tuple(its)),)))
        return
    lines = {line.repo_id: line for line in known.lines}
    mine = lines.get(repo_id, Lines(repo_id))
    lines[repo_id] = replace(mine, owners=tuple(dict.fromkeys((*mine.owners, *its))))
    service.save(ctx, Wish(known.name, team_id or known.team_id, tuple(lines.values())), known.id)


def _components_by_owner(ctx: Context) -> dict[tuple[str, str], str]:
    """Names of components by repository and owner."""
    known = service.names(ctx)
    asked = sa.select(ComponentRule).where(
        ComponentRule.workspace_id == ctx.workspace.id, ComponentRule.source == CODEOWNERS
    )
    with ctx.app.reading() as session:
        rows = session.scalars(asked).all()
    return {(row.repo_id, row.text): known[row.component_id] for row in rows if row.component_id in known}


def _view(
    ctx: Context,
    row: CodeOwners,
    repo: str,
    by_owner: Mapping[tuple[str, str], str],
    teams: Mapping[str, str],
) -> OwnersView:
    file, paths = reading.read(row.content, row.dialect), paths_of(ctx, row.repo_id)
    counts: dict[str, int] = {}
    for its in file.owned(paths).values():
        for owner in its:
            counts[owner] = counts.get(owner, 0) + 1
    listed = tuple(
        OwnerView(
            owner, counts.get(owner, 0), by_owner.get((row.repo_id, owner), ""), _called(owner),
            *_suggested(owner, teams),
        )
        for owner in file.owners
    )  # fmt: skip
    idle = tuple(f"{one.line}: {one.text}" for one in file.entries if not one.pattern.matched(paths))
    change = row.change or {}
    return OwnersView(
        row.repo_id, repo, row.path, row.dialect, row.read_at, row.changed_at, row.is_given, len(file.entries), idle,
        file.unread, listed, tuple(change.get("added", ())), tuple(change.get("removed", ())),
        int(change.get("moved", 0)),
    )  # fmt: skip


def _called(owner: str) -> str:
    """A name to suggest: the last part of a team's address, the login, or what stands before the @."""
    words = re.split(r"[-_.\s]+", _short(owner))
    return " ".join(word.capitalize() if word.islower() else word for word in words if word)[:120]


def _short(owner: str) -> str:
    if owner.startswith("@"):
        return owner.lstrip("@").rpartition("/")[2]
    return owner.partition("@")[0]


def _suggested(owner: str, teams: Mapping[str, str]) -> tuple[str, str, str]:
    """Id and name of the team that the owner seems to be, and why; a guess that somebody confirms."""
    wanted = _plain([_short(owner)])
    for id_, name in teams.items():
        if _plain([name]) == wanted:
            return id_, name, "its name is the same"
    for id_, name in teams.items():
        words = set(re.split(r"\W+|_", name.casefold()))
        if wanted and {wanted, wanted.removesuffix("team")} & {word for word in words if len(word) > 2}:
            return id_, name, "its name has the same word"
    return "", "", ""


def _plain(words: Iterable[str]) -> str:
    return re.sub(r"[^a-z0-9]+", "", "".join(words).casefold())
