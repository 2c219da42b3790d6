"""Components: see them, try a change, make, change, remove, and take the last change back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import BadInput, Conflict, NotFound, did_you_mean
from core.catalogue.answers import with_subteams
from core.catalogue.models import Repository
from core.catalogue.scope import UNASSIGNED
from core.components import placing
from core.components.matching import patterns
from core.components.models import Component, ComponentRule
from core.components.placing import CODEOWNERS, PATTERNS
from core.components.trying import tried
from core.components.views import ComponentView, Lines, Preview, Wish
from core.context import Capability, Context
from core.people.models import Team
from core.people.publishing import hold

UNASSIGNED_NAME = "Unassigned"
OF_TEAM = "team:"
"""Stands before the id of a team whose components are meant."""
MOST_LINES = 2000
LONGEST = 500


def components(ctx: Context) -> list[ComponentView]:
    """Every component by name."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        rows = session.scalars(_here(ctx)).all()
        teams, repos = _teams(session, ctx), repositories(session, ctx)
        lines = _lines(session, ctx)
    counts = _counts(ctx) if rows else {}
    views = [_view(row, lines.get(row.id, ()), teams, repos, counts) for row in rows]
    return sorted(views, key=lambda view: view.name.casefold())


def names(ctx: Context) -> dict[str, str]:
    """What to call each component, by id, and what lies outside all of them, last; empty where there are none."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        rows = session.execute(_here(ctx).with_only_columns(Component.id, Component.name)).all()
    found = dict(sorted(((row.id, row.name) for row in rows), key=lambda one: one[1].casefold()))
    return found | {UNASSIGNED: UNASSIGNED_NAME} if found else {}


def offered(ctx: Context) -> dict[str, str]:
    """What a question can be narrowed to, by id: components, all that a team owns, and what is unassigned, last."""
    found = names(ctx)
    outside = {UNASSIGNED: found.pop(UNASSIGNED)} if found else {}
    return found | owned(ctx) | outside


def owned(ctx: Context) -> dict[str, str]:
    """ "All of Platform", under `OF_TEAM` and the team's id, of each team that owns components, or whose teams do."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        teams, its = _teams(session, ctx), _owners(session, ctx)
    found = {f"{OF_TEAM}{id_}": f"All of {name}" for id_, name in teams.items() if _of_team(ctx, its, id_)}
    return dict(sorted(found.items(), key=lambda one: one[1].casefold()))


def chosen(ctx: Context, refs: Iterable[str]) -> tuple[str, ...]:
    """The ids that these ids or names of `offered` mean, in order, those of a team's components for the team."""
    found: list[str] = []
    for ref in refs:
        name = ref.strip().casefold()
        group = next((id_ for id_, label in owned(ctx).items() if ref == id_ or name == label.casefold()), "")
        if not group:
            found.append(component_id(ctx, ref))
            continue
        with ctx.app.reading() as session:
            its = _owners(session, ctx)
        found += sorted(_of_team(ctx, its, group.removeprefix(OF_TEAM)))
    return tuple(dict.fromkeys(found))


def component_id(ctx: Context, ref: str) -> str:
    """The id of the component of this id or name, 'unassigned' too; NotFound with the nearest."""
    known = names(ctx)
    for one, name in known.items():
        if ref == one or ref.strip().casefold() == name.casefold():
            return one
    if not known:
        raise NotFound("There are no components yet. Make the first one on the page Components.")
    raise NotFound(f"There is no component '{ref}'.{did_you_mean(ref, list(known.values()))}")


def component(ctx: Context, ref: str) -> ComponentView:
    """The component of this id or name."""
    id_ = component_id(ctx, ref)
    if id_ == UNASSIGNED:
        raise BadInput("'Unassigned' is what lies outside every component; there are no rules of it.")
    return next(view for view in components(ctx) if view.id == id_)


def preview(ctx: Context, wish: Wish, ref: str = "") -> Preview:
    """What the component would be; nothing is changed. `ref` is the one that is to be changed."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    own = component_id(ctx, ref) if ref else ""
    with ctx.app.reading() as session:
        checked = _checked(session, ctx, wish, own)
        plans = placing.plans(session, ctx, [line.repo_id for line in checked.lines])
        repos = repositories(session, ctx)
    return tried(ctx, checked, own, plans, repos)


def save(ctx: Context, wish: Wish, ref: str = "") -> str:
    """Make a component, or change the one that `ref` names; its id. All history is mapped anew before this returns."""
    ctx.require(Capability.MANAGE_SOURCES)
    own = component_id(ctx, ref) if ref else ""
    with ctx.app.session() as session:
        hold(session, ctx)
        made, touched = _saved(session, ctx, wish, own)
        workspaces.data_read(session, ctx.workspace.id)
    placing.place(ctx, touched)
    return made


def save_all(ctx: Context, wishes: Iterable[Wish]) -> list[str]:
    """Make several new components, and map paths once; their ids."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.session() as session:
        hold(session, ctx)
        made = [_saved(session, ctx, wish, "")[0] for wish in wishes]
        workspaces.data_read(session, ctx.workspace.id)
    placing.place(ctx)
    return made


def _saved(session: Session, ctx: Context, wish: Wish, own: str) -> tuple[str, set[str]]:
    """Its id, and the repositories that it is or was of."""
    checked = _checked(session, ctx, wish, own)
    row = _row(session, ctx, own) if own else Component(workspace_id=ctx.workspace.id, created_at=ctx.clock())
    before = _told(row, _lines(session, ctx).get(own, ())) if own else {}
    session.add(row)
    _write(session, ctx, row, checked, before)
    workspaces.note(session, ctx, "component.change" if own else "component.add", row.name)
    return row.id, {line.repo_id for line in checked.lines} | _repos_of(before)


def remove(ctx: Context, ref: str) -> str:
    """Take a component away: its paths are unassigned unless others have them. `undo` brings it back. Its id."""
    ctx.require(Capability.MANAGE_SOURCES)
    own = component(ctx, ref).id
    with ctx.app.session() as session:
        hold(session, ctx)
        row = _row(session, ctx, own)
        row.removed_at = row.changed_at = ctx.clock()
        workspaces.note(session, ctx, "component.remove", row.name)
        workspaces.data_read(session, ctx.workspace.id)
    placing.place(ctx)
    return own


def removed(ctx: Context) -> dict[str, str]:
    """Components that were removed and can be brought back, the last one first: names by id."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    gone = sa.select(Component).where(Component.workspace_id == ctx.workspace.id, Component.removed_at.is_not(None))
    with ctx.app.reading() as session:
        return {row.id: row.name for row in session.scalars(gone.order_by(Component.removed_at.desc()).limit(20))}


def undo(ctx: Context, ref: str) -> str:
    """Bring a removed component back, or one that was changed to what it was before; a sentence of what was done."""
    ctx.require(Capability.MANAGE_SOURCES)
    gone = removed(ctx)
    own = next((id_ for id_, name in gone.items() if ref in (id_, name)), "") or component(ctx, ref).id
    with ctx.app.session() as session:
        hold(session, ctx)
        row = _row(session, ctx, own)
        if row.removed_at:
            _free(session, ctx, row.name, own)
            row.removed_at, said = None, f"'{row.name}' is back."
        elif row.before:
            said = _back(session, ctx, row)
        else:
            raise BadInput(f"'{row.name}' was never changed, so there is nothing to take back.")
        row.changed_at, row.changed_by = ctx.clock(), ctx.actor.name[:240]
        workspaces.note(session, ctx, "component.undo", row.name)
        workspaces.data_read(session, ctx.workspace.id)
    placing.place(ctx)
    return said


def repositories(session: Session, ctx: Context) -> dict[str, str]:
    """Names by id, of those that are read."""
    rows = session.execute(
        sa.select(Repository.id, Repository.name)
        .where(Repository.workspace_id == ctx.workspace.id, Repository.is_active)
        .order_by(Repository.name)
    )
    return {str(row.id): str(row.name) for row in rows}


def _here(ctx: Context) -> sa.Select[Component]:
    return sa.select(Component).where(Component.workspace_id == ctx.workspace.id, Component.removed_at.is_(None))


def _row(session: Session, ctx: Context, id_: str) -> Component:
    row = session.get(Component, id_)
    if row is None or row.workspace_id != ctx.workspace.id:
        raise NotFound("That component is not there any more.")
    return row


def _owners(session: Session, ctx: Context) -> dict[str, str | None]:
    """Each component's team."""
    return {
        row.id: row.team_id for row in session.execute(_here(ctx).with_only_columns(Component.id, Component.team_id))
    }


def _of_team(ctx: Context, owners: Mapping[str, str | None], team_id: str) -> set[str]:
    its = with_subteams(ctx, (team_id,)) if any(owners.values()) else ()
    return {id_ for id_, owner in owners.items() if owner in its}


def _teams(session: Session, ctx: Context) -> dict[str, str]:
    rows = session.execute(sa.select(Team.id, Team.name).where(Team.workspace_id == ctx.workspace.id))
    return {str(row.id): str(row.name) for row in rows}


def _lines(session: Session, ctx: Context) -> dict[str, tuple[Lines, ...]]:
    """What each component is made of, by repository."""
    rows = session.scalars(
        sa.select(ComponentRule)
        .where(ComponentRule.workspace_id == ctx.workspace.id)
        .order_by(ComponentRule.position, ComponentRule.id)
    )
    texts: dict[str, dict[str, dict[str, list[str]]]] = {}
    for row in rows:
        mine = texts.setdefault(row.component_id, {}).setdefault(row.repo_id, {PATTERNS: [], CODEOWNERS: []})
        mine[row.source].append(row.text)
    return {
        component: tuple(Lines(repo, tuple(one[PATTERNS]), tuple(one[CODEOWNERS])) for repo, one in by_repo.items())
        for component, by_repo in texts.items()
    }


def _counts(ctx: Context) -> dict[str, int]:
    rows = ctx.metrics.rows(
        "SELECT arrayJoin(components) AS component, count() AS paths FROM path_components FINAL"
        " WHERE workspace_id = {workspace:String} GROUP BY component",
        {"workspace": ctx.workspace.id},
    )
    return {str(row["component"]): int(row["paths"]) for row in rows}


def _view(
    row: Component,
    lines: Sequence[Lines],
    teams: Mapping[str, str],
    repos: Mapping[str, str],
    counts: Mapping[str, int],
) -> ComponentView:
    named = tuple(sorted(repos[line.repo_id] for line in lines if line.repo_id in repos))
    team = row.team_id or ""
    return ComponentView(
        row.id, row.name, team, teams.get(team, ""), tuple(lines), named, counts.get(row.id, 0), row.changed_at,
        row.changed_by, bool(row.before),
    )  # fmt: skip


def _checked(session: Session, ctx: Context, wish: Wish, own: str) -> Wish:
    """The wish tidied; a sentence of what is wrong if it cannot be."""
    name = " ".join(wish.name.split())[:120]
    if not name:
        raise BadInput("Give the component a name.")
    _free(session, ctx, name, own)
    if wish.team_id and wish.team_id not in _teams(session, ctx):
        raise NotFound("That team is not there any more. Choose another.")
    repos = repositories(session, ctx)
    lines = tuple(line for line in (_tidied(line) for line in wish.lines) if line.patterns or line.owners)
    for line in lines:
        if line.repo_id not in repos:
            raise NotFound("A repository of this component is not there any more. Choose another.")
        patterns(line.patterns)
    if sum(len(line.patterns) + len(line.owners) for line in lines) > MOST_LINES:
        raise BadInput(f"A component is made of up to {MOST_LINES:,} lines. Make two of it.")
    return Wish(name, wish.team_id, lines)


def _tidied(line: Lines) -> Lines:
    texts = (text.strip() for text in line.patterns)
    kept = tuple(text for text in texts if text and not text.startswith("#"))
    long = next((text for text in (*kept, *line.owners) if len(text) > LONGEST), "")
    if long:
        raise BadInput(f"'{long[:40]}…' is longer than {LONGEST} letters.")
    return Lines(line.repo_id, kept, tuple(dict.fromkeys(line.owners)))


def _free(session: Session, ctx: Context, name: str, own: str) -> None:
    if name.casefold() == UNASSIGNED_NAME.casefold():
        raise BadInput("'Unassigned' is what lies outside every component. Choose another name.")
    taken = session.scalars(_here(ctx).where(Component.id != own))
    if any(row.name.casefold() == name.casefold() for row in taken):
        raise Conflict(f"There is a component named '{name}' already.")


def _write(session: Session, ctx: Context, row: Component, wish: Wish, before: dict[str, Any]) -> None:
    row.name, row.team_id, row.before = wish.name, wish.team_id or None, before
    row.changed_at, row.changed_by = ctx.clock(), ctx.actor.name[:240]
    session.flush()
    session.execute(sa.delete(ComponentRule).where(ComponentRule.component_id == row.id))
    session.add_all(
        ComponentRule(
            workspace_id=ctx.workspace.id, component_id=row.id, repo_id=line.repo_id, source=source, position=place,
            text=text,
        )
        for line in wish.lines
        for source, texts in ((PATTERNS, line.patterns), (CODEOWNERS, line.owners))
        for place, text in enumerate(texts)
    )  # fmt: skip
    session.flush()


def _told(row: Component, lines: Iterable[Lines]) -> dict[str, Any]:
    kept = [{"repo": one.repo_id, "patterns": list(one.patterns), "owners": list(one.owners)} for one in lines]
    return {"name": row.name, "team": row.team_id or "", "lines": kept}


def _repos_of(told: Mapping[str, Any]) -> set[str]:
    return {line["repo"] for line in told.get("lines", ())}


def _back(session: Session, ctx: Context, row: Component) -> str:
    now, told = _told(row, _lines(session, ctx).get(row.id, ())), dict(row.before)
    lines = (Lines(one["repo"], tuple(one["patterns"]), tuple(one["owners"])) for one in told["lines"])
    teams, repos = _teams(session, ctx), repositories(session, ctx)
    wish = Wish(
        told["name"],
        told["team"] if told["team"] in teams else "",
        tuple(one for one in lines if one.repo_id in repos),
    )
    _write(session, ctx, row, _checked(session, ctx, wish, row.id), now)
    return f"'{row.name}' is what it was before the last change."
