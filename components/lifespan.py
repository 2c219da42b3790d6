"""What the web process does once before the first visitor: schemas, and the slow imports."""

from __future__ import annotations

import gc
import importlib
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import anyio.to_thread
import structlog

from core.access import workspaces
from core.base import logs, parent
from core.base.errors import SightlineError
from core.base.period import named
from core.base.settings import settings
from core.bootstrap import House, house, prepare
from core.catalogue.scope import Scope
from core.context import Context, Workspace

WARM = (
    "pandas",
    "pyarrow",
    "streamlit_authenticator",
    "streamlit.elements.vega_charts",
    "streamlit.elements.arrow",
    "core.people.service",
    "core.catalogue.service",
    "core.widgets",
    "core.boards.service",
    "core.boards.quiet",
    "core.reports.service",
    "core.documents",
)

AHEAD = 5
"""Workspaces whose first pages are read before anybody asks."""
FIRST_PAGES = ("overview", "activity", "team", "compare")
LOOK_EVERY_S = 10.0

log = structlog.get_logger(__name__)


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Warm up, serve, close the stores."""
    logs.configure(settings().log_level, process="web")
    parent.follow()
    await anyio.to_thread.run_sync(_warm)
    stopping = threading.Event()
    threading.Thread(target=keep_ahead, args=(house(), stopping), name="read-ahead", daemon=True).start()
    yield
    stopping.set()
    await anyio.to_thread.run_sync(house().close)


def _warm() -> None:
    prepare(house())
    for name in WARM:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is loaded now stays: later collections need not look at it


def keep_ahead(rooms: House, stopping: threading.Event) -> None:
    """Read ahead at the start, and again whenever the data of a workspace changed."""
    known: dict[str, int] = {}
    while True:
        try:
            found = workspaces.every(rooms.app)[-AHEAD:]
            changed = [workspace for workspace in found if known.get(workspace.id) != workspace.data_version]
            read_ahead(rooms, changed)
            known |= {workspace.id: workspace.data_version for workspace in changed}
        except SightlineError as error:
            log.warning("not_read_ahead", reason=error.message)
        if stopping.wait(LOOK_EVERY_S):
            return


def read_ahead(rooms: House, found: Sequence[Workspace]) -> None:
    """Ask what the first pages ask, so that their first reader does not wait for the store: every Overview first."""
    from core.boards import quiet, service
    from core.catalogue import owned

    for name in FIRST_PAGES:
        for workspace in found:
            ctx, zone = rooms.context(workspace), workspace.time_zone
            period = named(quiet.landing(ctx), rooms.clock(), zone)
            scope = Scope(period, period.previous(zone), time_zone=zone)
            service.build(ctx, service.standard(ctx, name), _about(ctx, name, scope))
    for workspace in found:
        owned.keep(rooms.context(workspace))


def _about(ctx: Context, name: str, scope: Scope) -> Scope:
    """The page of a team opens with the first one by name."""
    from core.people import service as people

    teams = sorted(people.teams(ctx), key=lambda team: team.name.casefold()) if name == "team" else []
    return replace(scope, team_ids=(teams[0].id,)) if teams else scope
