"""Writing what is known of people back as a `.mailmap`, so that git itself tells the same."""

from __future__ import annotations

from core.context import Capability, Context
from core.people.directory import people
from core.people.identities import well_formed
from core.people.views import PersonView


def mailmap(ctx: Context) -> str:
    """A line for every identity that git shows otherwise than the person is called, ready to be committed."""
    ctx.require(Capability.MANAGE_PEOPLE)
    lines = [line for one in people(ctx, include_bots=True) if well_formed(one.email) for line in _lines(one)]
    return "\n".join(["# Written by Sightline from its list of people.", *lines, ""])


def _lines(person: PersonView) -> list[str]:
    proper = f"{_clean(person.name)} <{person.email}>"
    lines = []
    for one in person.identities:
        same_email = one.email.casefold() == person.email.casefold()
        if same_email and one.name == person.name:
            continue
        if same_email:
            lines.append(proper)
        elif well_formed(one.email):
            lines.append(f"{proper} <{one.email}>")
        elif one.email or one.name:
            # An address that many share: only together with the name does it mean this person.
            lines.append(f"{proper} {_clean(one.name)} <{one.email}>")
    return sorted(lines)


def _clean(name: str) -> str:
    return " ".join(name.replace("<", "").replace(">", "").split())
