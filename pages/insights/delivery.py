"""Delivery: the four DORA metrics, where a pull request's time goes, and what stands still."""

from components import board, focus, page, scope, session
from core.catalogue import dora
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Delivery")
years = {str(year): f"{year} report" for year in sorted(dora.REPORTS, reverse=True)}
year = focus.choice("dora", "DORA bands of the", years)
chosen = scope.bar(ctx)

board.show(ctx, "delivery", chosen, year=year)
