"""Who is whom, as files say it: a table with a line for each identity, or git's `.mailmap`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.base.errors import BadInput
from core.context import Capability, Context
from core.people import tables
from core.people.directory import people

COLUMNS = {
    "person": ("person", "proper name", "called"),
    "person_email": ("person_email", "person email", "proper email", "belongs to"),
    "email": ("email", "e-mail", "address"),
    "name": ("name",),
    "login": ("login",),
    "bot": ("bot", "is_bot"),
    "locked": ("locked", "is_locked"),
}
_LINE = re.compile(r"^\s*([^<#]*?)\s*<([^>]*)>\s*(?:([^<]*?)\s*<([^>]*)>)?\s*(?:#.*)?$")
_YES, _NO = ("yes", "true", "1", "x"), ("no", "false", "0", "-")


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """What a line says: the identity that it means, and whose it is."""

    place: str
    email: str
    name: str = ""
    login: str = ""
    person: str = ""
    """What the person is to be called; empty leaves their name."""
    person_email: str = ""
    """An address of the person; empty means the identity's own."""
    bot: bool | None = None
    locked: bool | None = None
    refused: str = ""


def identities_csv(ctx: Context) -> bytes:
    """Everybody as a table, a line for each identity: what `plan_identities` reads again."""
    ctx.require(Capability.MANAGE_PEOPLE)
    heads = ("person", "person_email", "email", "name", "login", "provider", "bot", "locked", "first_seen", "last_seen")
    lines = (
        (
            one.name, one.email, i.email, i.name, i.login, i.provider, _word(one.is_bot), _word(one.is_locked),
            i.first_seen_at and f"{i.first_seen_at:%Y-%m-%d}", i.last_seen_at and f"{i.last_seen_at:%Y-%m-%d}",
        )
        for one in people(ctx, include_bots=True)
        for i in sorted(one.identities, key=lambda identity: (identity.email, identity.name, identity.id))
    )  # fmt: skip
    return tables.written(heads, lines)


def read(content: bytes, name: str) -> list[IdentityRow]:
    """Every line of a file, told by its name or by how it looks; BadInput if it says nothing of anybody."""
    text = tables.decoded(content, name)
    first = next((line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")), "")
    is_mailmap = name.lower().endswith("mailmap") or ("<" in first and "," not in first)
    found = list(_mailmap(text) if is_mailmap else _table(text, name))
    if not found:
        raise BadInput(f"There is nobody in '{name}'.")
    return found


def _mailmap(text: str) -> Iterator[IdentityRow]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        place, found = f"line {number}", _LINE.match(line)
        if found is None:
            yield IdentityRow(place, line.strip(), refused="It is no line of a .mailmap: Proper Name <address>.")
            continue
        proper, address, commit_name, commit_email = (part or "" for part in found.groups())
        if found.group(4) is None:
            yield IdentityRow(place, address, person=proper)
        else:
            yield IdentityRow(place, commit_email, commit_name, person=proper, person_email=address)


def _table(text: str, name: str) -> Iterator[IdentityRow]:
    for place, cells in tables.rows(text, name, COLUMNS, ()):
        said = {what: cells.get(what, "") for what in COLUMNS}
        flags = {what: _flag(said[what]) for what in ("bot", "locked")}
        odd = next((said[what] for what in flags if said[what] and flags[what] is None), "")
        refused = f"'{odd}' is neither yes nor no." if odd else ""
        if not (said["email"] or said["login"] or said["name"]):
            refused = "It names no identity: give its email, login or name."
        yield IdentityRow(
            place, said["email"], said["name"], said["login"], said["person"], said["person_email"], flags["bot"],
            flags["locked"], refused,
        )  # fmt: skip


def _flag(word: str) -> bool | None:
    return True if word.casefold() in _YES else False if word.casefold() in _NO else None


def _word(flag: bool) -> str:
    return "yes" if flag else "no"
