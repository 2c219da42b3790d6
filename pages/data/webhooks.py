"""Webhooks: what other tools tell by themselves, of deployments, incidents and repositories that changed."""

from components import page, session
from components.forms import webhook_add, webhook_list
from components.forms.people_done import said
from core.context import Capability

ctx = session.require(Capability.MANAGE_SOURCES)

page.title(
    ctx, "Webhooks", "Addresses that other tools tell of deployments, incidents and changed repositories by themselves."
)
said()
webhook_add.made()
webhook_add.form(ctx)
webhook_list.cards(ctx)
