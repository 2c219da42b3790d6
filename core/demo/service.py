"""Loading the demo workspace, letting it go on day by day, starting it afresh, and this checkout's own history."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from core.access import workspaces
from core.access.models import WorkspaceRow
from core.base.errors import SightlineError
from core.bootstrap import House
from core.components import placing
from core.context import Context, Workspace
from core.demo.cast import COMPANY, SLUG, SPAN_DAYS

if TYPE_CHECKING:
    from core.demo.history import History
    from core.demo.pen import Pages

log = structlog.get_logger(__name__)

OWN_SLUG = "sightline"
TASK = "demo"
AFTER_START_S = 5
"""The first seconds of a start belong to the web app, which whoever started it is waiting for."""
_BEGINNING, _UNTIL = "demo_from", "demo_until"
"""Settings: the first day of the play, and the day before which it ends. Both are there once it is written whole."""


def load(house: House) -> Workspace:
    """The demo workspace, made if it is not there. A load that was cut short starts over."""
    row = _row(house)
    if row is not None and _UNTIL in row.settings:
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


def tick(house: House) -> None:
    """Ask a worker to let the demo go on, if a day has passed since it ended."""
    row = _row(house)
    if row is not None and _behind(row, house.clock().date()):
        house.queue.put(TASK, delay_s=AFTER_START_S)


def go_on(house: House) -> bool:
    """Let the demo reach yesterday; False if it does. Days that it has already, and what was made in it, stay."""
    from core.demo import workspace as rows
    from core.demo.identities import sightings
    from core.demo.pen import Pages
    from core.people import service as people

    row, until = _row(house), house.clock().date()
    if row is None or not _behind(row, until):
        return False
    ctx = house.context(workspaces.workspace_of(row))
    beginning, since = (date.fromisoformat(row.settings[name]) for name in (_BEGINNING, _UNTIL))
    pages = Pages(ctx.workspace.id, rows.repository_ids(ctx.workspace.id), since, until)
    scenes = [history.stage for history in _written(ctx, beginning, pages)]
    people.register(ctx, sightings(beginning, until, {}))
    persons = rows.cast_of(ctx)
    with ctx.app.session() as session:
        held = session.get_one(WorkspaceRow, ctx.workspace.id, with_for_update=True)
        if held.settings.get(_UNTIL) != str(since):
            return False  # it was started afresh meanwhile, or another worker was quicker
        rows.go_on(ctx, session, scenes, persons, since, until)
        held.settings = {**held.settings, _UNTIL: str(until)}
    people.publish(ctx)
    placing.place(ctx)
    log.info("demo_went_on", since=str(since), until=str(until))
    return True


def _behind(row: WorkspaceRow, today: date) -> bool:
    return _BEGINNING in row.settings and date.fromisoformat(row.settings[_UNTIL]) < today


def _filled(house: House, workspace: Workspace) -> Workspace:
    from core.demo import alerts, components, reports
    from core.demo import workspace as rows
    from core.demo.pen import Pages

    ctx = house.context(workspace)
    until = ctx.clock().date()
    beginning = until - timedelta(days=SPAN_DAYS)
    pages = Pages(workspace.id, rows.repository_ids(workspace.id), beginning, until)
    (history,) = _written(ctx, beginning, pages)
    rows.fill(ctx, history.stage, until, _counts(ctx))
    components.made(ctx)
    reports.saved(ctx)
    alerts.made(ctx)
    return _finished(ctx, beginning, until)


def _written(ctx: Context, beginning: date, pages: Pages) -> list[History]:
    """The chapters of the play, with what they tell of these days put into the store."""
    from core.demo.history import played
    from core.demo.identities import known
    from core.demo.tables import tables

    chapters = played(beginning, pages.until)
    for history in chapters:
        for name, table in tables(history, known(), pages).items():
            ctx.metrics.insert_arrow(name, table)
    return chapters


def _counts(ctx: Context) -> dict[int, int]:
    """Commits by identity."""
    found = ctx.metrics.rows(
        "SELECT author_id, count() AS n FROM commits FINAL WHERE workspace_id = {workspace:String} GROUP BY author_id",
        {"workspace": ctx.workspace.id},
    )
    return {int(row["author_id"]): int(row["n"]) for row in found}


def _finished(ctx: Context, beginning: date, until: date) -> Workspace:
    with ctx.app.session() as session:
        row = session.get_one(WorkspaceRow, ctx.workspace.id)
        row.settings = {**row.settings, _BEGINNING: str(beginning), _UNTIL: str(until)}
        session.flush()
        session.refresh(row)
        return workspaces.workspace_of(row)


def _row(house: House) -> WorkspaceRow | None:
    with house.app.reading() as session:
        return session.scalar(sa.select(WorkspaceRow).where(WorkspaceRow.slug == SLUG, WorkspaceRow.is_demo))
