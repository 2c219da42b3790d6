"""API tokens: what programs show when they push records, ask for numbers or work with reports."""

from components import guard, page, session
from components.forms import tokens as forms
from components.forms.people_done import said
from core.context import Capability

ctx = session.require(Capability.VIEW_REPORTS)

page.title(
    ctx,
    "API tokens",
    "What programs show in your place. Each is of this workspace, and may no more than you choose and may yourself.",
)
said()
with guard.errors():
    forms.made()
    forms.add(ctx)
    forms.table(ctx)
