"""Connections: what reports ask and where they are sent, tried before anybody relies on it."""

from components import page, session
from components.forms import connection_form, connection_list
from components.forms.people_done import said
from core.connections import service as connections
from core.context import Capability

ctx = session.require(Capability.EDIT_REPORTS)

page.title(
    ctx,
    "Connections",
    "What reports ask, and where they are sent, by name. Databases are only read; secrets never show.",
)
said()
found = connections.connections(ctx)
connection_form.add(ctx, first=not found)
connection_list.cards(ctx, found)
