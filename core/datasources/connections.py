"""Connections: datasources that an admin registered once, with their secrets, for reports to name."""

from __future__ import annotations

from core.base.errors import NotFound
from core.context import Context
from core.datasources.datasource import Datasource
from core.datasources.window import Window


def opened(ctx: Context, name: str, window: Window) -> Datasource:
    """The datasource of the connection `name`, for one report; NotFound if this workspace has none of that name."""
    raise NotFound(f"There is no connection named '{name}' in '{ctx.workspace.name}'. Add it on the Connections page.")
