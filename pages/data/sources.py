"""Sources: the repositories that are read, how far, and what went wrong."""

from components import page, session
from components.forms import source_list
from components.forms.people_done import said
from core.context import Capability
from core.ingestion import service

ctx = session.require(Capability.MANAGE_SOURCES)

page.title(ctx, "Sources", "The repositories that every figure comes from, and up to when each is known.")
said()
found = service.sources(ctx)
source_list.add(ctx, first=not found)
source_list.cards(ctx, found)
