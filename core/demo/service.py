"""Loading the demo workspace, starting it afresh, and showing this checkout's own history beside it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
import structlog

from core.access import workspaces
from core.access.models import WorkspaceRow
from core.base.errors import SightlineError
from core.bootstrap import House
from core.context import Context, Workspace
from core.demo.cast import COMPANY, SLUG

log = structlog.get_logger(__name__)

OWN_SLUG = "sightline"
_LOADED = "demo_until"
"""The setting that says that loading came to its end, with the last day it reaches."""


def load(house: House) -> Workspace:
    """The demo workspace, made if it is not there. A load that was cut short starts over."""
    row = _row(house)
    if row is not None and _LOADED in row.settings:
        return workspaces.workspace_of(row)
    if row is not None:
        return reset(house)
    made = workspaces.create(house.app, name=COMPANY, slug=SLUG, now=house.clock(), is_demo=True)
    return _filled(house, made)


def reset(house: House) -> Workspace:
    """The demo workspace as if nobody had touched it, ending yesterday. Its members stay, their work in it goes."""
    from core.demo.workspace import wipe

    row = _row(house)
    if row is None:
        return load(house)
    with house.app.session() as session:
        session.get_one(WorkspaceRow, row.id).settings = {}
    wipe(house.context(workspaces.workspace_of(row)))
    return _filled(house, workspaces.workspace_of(row))


def own_history(house: House, path: Path) -> Workspace | None:
    """A workspace of this checkout's own commits; None, with a notice, where there is no history."""
    from core.ingestion import service as ingestion

    found = next((w for w in workspaces.every(house.app) if w.slug == OWN_SLUG), None)
    if found:
        return found
    if not (path / ".git").exists():
        log.info("own_history_left_out", reason="This folder has no git history.")
        return None
    made = workspaces.create(house.app, name="Sightline", slug=OWN_SLUG, now=house.clock())
    ctx = house.context(made)
    try:
        source = ingestion.add_git(ctx, str(path), name="sightline")
        ingestion.sync(ctx, source.id)
    except SightlineError as error:
        log.warning("own_history_left_out", reason=error.message)
    return workspaces.find(house.app, OWN_SLUG)


def _filled(house: House, workspace: Workspace) -> Workspace:
    from core.demo import reports
    from core.demo import workspace as rows
    from core.demo.history import played
    from core.demo.identities import known
    from core.demo.tables import tables

    ctx = house.context(workspace)
    history, identities = played(ctx.clock().date()), known()
    made = tables(history, identities, workspace.id, rows.repository_ids(workspace.id))
    for name, table in made.items():
        ctx.metrics.insert_arrow(name, table)
    counts = made["commits"].group_by("author_id").aggregate([("sha", "count")])
    rows.fill(
        ctx,
        history.stage,
        dict(zip(counts["author_id"].to_pylist(), counts["sha_count"].to_pylist(), strict=True)),
    )
    reports.saved(ctx)
    return _finished(ctx)


def _finished(ctx: Context) -> Workspace:
    with ctx.app.session() as session:
        row = session.get_one(WorkspaceRow, ctx.workspace.id)
        row.settings = {**row.settings, _LOADED: str(ctx.clock().date())}
        session.flush()
        session.refresh(row)
        return workspaces.workspace_of(row)


def _row(house: House) -> WorkspaceRow | None:
    with house.app.reading() as session:
        return session.scalar(sa.select(WorkspaceRow).where(WorkspaceRow.slug == SLUG, WorkspaceRow.is_demo))
