"""Delivery: the four DORA metrics, where time goes, what stands still, and what each deployment took."""

from components import board, focus, guard, page, scope, session
from components.forms import shipped
from core.catalogue import dora
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Delivery")
view = focus.choice("view", "Show", {"figures": "Figures", **shipped.VIEWS})
years = {str(year): f"{year} report" for year in sorted(dora.REPORTS, reverse=True)}
year = focus.choice("dora", "DORA bands of the", years) if view == "figures" else ""
chosen = scope.bar(ctx, compare=view == "figures")

if view == "figures":
    board.show(ctx, "delivery", chosen, year=year)
else:
    with guard.errors():
        shipped.show(ctx, chosen, view)
