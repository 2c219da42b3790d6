"""Connections: the databases and servers that reports ask, tried before anybody relies on them."""

from components import page, session
from components.forms import connection_form, connection_list
from components.forms.people_done import said
from core.context import Capability
from core.datasources import connections

ctx = session.require(Capability.EDIT_REPORTS)

page.title(
    ctx, "Connections", "The databases and servers that reports ask by name. They are only read; secrets never show."
)
said()
found = connections.connections(ctx)
connection_form.add(ctx, first=not found)
connection_list.cards(ctx, found)
