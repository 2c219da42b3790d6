"""Records: facts that a team tells itself, checked before they are taken, and taken back when they were wrong."""

from components import page, session
from components.forms import record_list, record_push
from components.forms.people_done import said
from core.context import Capability

ctx = session.require(Capability.MANAGE_SOURCES)

page.title(
    ctx,
    "Records",
    "Deployments, incidents, pull requests and other facts that no source can be asked for: tell them as a file.",
)
said()
record_push.form(ctx)
record_list.uploads(ctx)
