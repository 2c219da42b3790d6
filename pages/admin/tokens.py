"""API tokens: what programs show when they push records or ask for numbers."""

from components import guard, page, session
from components.forms import tokens as forms
from components.forms.people_done import said
from core.context import Capability

ctx = session.require(Capability.MANAGE_WORKSPACE)

page.title(
    ctx, "API tokens", "What programs show when they push records or ask for numbers. Each is of this workspace."
)
said()
with guard.errors():
    forms.made()
    forms.add(ctx)
    forms.table(ctx)
