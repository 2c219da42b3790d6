"""Components: parts of repositories by path or by CODEOWNERS, that every number can be narrowed to."""

from components import page, session
from components.forms import component_edit, component_list, component_owners
from components.forms.people_done import said
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)

page.title(
    ctx,
    "Components",
    "Parts of repositories, such as a service of a monorepo. Every number can be narrowed to them and told apart by"
    " them. A change of what they are made of holds for all history.",
)
said()
component_list.show(ctx)
component_edit.form(ctx)
component_owners.show(ctx)
