"""What the web process does once before the first visitor: schemas, and the slow imports."""

from __future__ import annotations

import gc
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread

from core.base import logs, parent
from core.base.settings import settings
from core.bootstrap import house, prepare

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


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Warm up, serve, close the stores."""
    logs.configure(settings().log_level, process="web")
    parent.follow()
    await anyio.to_thread.run_sync(_warm)
    yield
    await anyio.to_thread.run_sync(house().close)


def _warm() -> None:
    prepare(house())
    for name in WARM:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is loaded now stays: later collections need not look at it
