"""Workspace health: what needs attention, the five categories as a whole, and how far the data can be trusted."""

from components import board, page, scope, session
from components.forms import alert_findings
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Workspace health")
chosen = scope.bar(ctx, teams=False)

alert_findings.lately(ctx)
board.show(ctx, "health", chosen)
