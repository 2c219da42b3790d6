"""Skills: what people and teams know, told from the files that they changed."""

from components import guard, page, scope, session
from components.forms import skill_map
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Skills", "What the three years up to the period's end say of who knows what; what is older fades.")
chosen = scope.bar(ctx, compare=False)

with guard.errors():
    skill_map.show(ctx, chosen)
