"""Collaboration: who reviews, comments on and co-writes whose work, drawn and as tables."""

from components import board, guard, page, scope, session
from components.forms import network_page
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Collaboration")
chosen = scope.bar(ctx)

board.show(ctx, "collaboration", chosen)
with guard.errors():
    network_page.show(ctx, chosen)
