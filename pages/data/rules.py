"""Rules: what counts as a deployment, and as an incident, here and in each repository."""

from components import page, session
from components.forms import rule_choice, rule_list
from components.forms.people_done import said
from core.context import Capability

ctx = session.require(Capability.MANAGE_SOURCES)

page.title(
    ctx,
    "Rules",
    "What counts as a deployment, and as an incident: what sources tell, or tags, releases, merges and labels.",
)
said()
rule_choice.form(ctx)
rule_list.table(ctx)
