"""What the web process does once before the first visitor: schemas, and the slow imports."""

from __future__ import annotations

import gc
import importlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
import structlog

from core.access import workspaces
from core.base import logs, parent
from core.base.errors import SightlineError
from core.base.period import named
from core.base.settings import settings
from core.bootstrap import House, house, prepare
from core.catalogue.scope import Scope

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
    "core.reports.service",
    "core.documents",
)

AHEAD = 5
"""Workspaces whose first page is read before anybody asks."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Warm up, serve, close the stores."""
    logs.configure(settings().log_level, process="web")
    parent.follow()
    await anyio.to_thread.run_sync(_warm)
    threading.Thread(target=read_ahead, args=(house(),), name="read-ahead", daemon=True).start()
    yield
    await anyio.to_thread.run_sync(house().close)


def _warm() -> None:
    prepare(house())
    for name in WARM:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is loaded now stays: later collections need not look at it


def read_ahead(rooms: House) -> None:
    """Ask what the Overview asks, so that its first reader does not wait for the store."""
    from core.boards import service

    try:
        for workspace in workspaces.every(rooms.app)[-AHEAD:]:
            ctx, zone = rooms.context(workspace), workspace.time_zone
            period = named("last_30_days", rooms.clock(), zone)
            service.build(ctx, service.standard(ctx, "overview"), Scope(period, period.previous(zone), time_zone=zone))
    except SightlineError as error:
        log.warning("not_read_ahead", reason=error.message)
