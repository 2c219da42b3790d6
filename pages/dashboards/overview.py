"""Overview: what changed, how delivery goes, and how fresh the data are."""

from components import board, page, scope, session
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Overview")
chosen = scope.bar(ctx)

board.show(ctx, "overview", chosen)
