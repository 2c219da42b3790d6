"""Pull requests: find one, and see what happened to it."""

from components import guard, page, scope, session
from components.forms import pull_explorer
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Pull requests")
chosen = scope.bar(ctx, people=True, compare=False)

with guard.errors():
    pull_explorer.show(ctx, chosen, pull_explorer.wish())
