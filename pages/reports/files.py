"""Files: what somebody asked for from pages, profiles and lists, while it is kept."""

from components import guard, page, session
from components.forms import export_list
from core.context import Capability

ctx = session.require(Capability.VIEW_REPORTS)
page.title(ctx, "Files", "What you exported, to download until its time is over. Nobody else sees this list.")
with guard.errors():
    export_list.draw(ctx)
