"""Activity: when work happens, by hour and weekday and day by day, in each person's local time."""

from components import board, page, scope, session
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Activity")
chosen = scope.bar(ctx, people=True)

board.show(ctx, "activity", chosen)
