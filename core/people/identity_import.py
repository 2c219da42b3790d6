"""Who is whom from a file: what each line would change, shown first; then all of it or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.access.workspaces import note
from core.base.errors import Conflict
from core.context import Capability, Context
from core.people.directory import own_row, people
from core.people.footprint import footprint, mark_labels, mark_old
from core.people.identity_files import IdentityRow, read
from core.people.merging import identities_of, joined
from core.people.publishing import changing
from core.people.views import PersonView

COUNTED = 200
"""Merges of a plan whose facts are counted; of more, the others go without."""


@dataclass(frozen=True, slots=True)
class PlannedIdentity:
    """One change that a line asks for, or why there is none."""

    place: str
    who: str
    """The identity, as the file names it."""
    deed: str
    """merge, rename, bot or lock; empty where nothing is to do."""
    person_id: str
    """Whom it changes: the one who is merged away."""
    person: str
    into_id: str = ""
    value: str = ""
    """Whom they become part of, what they are to be called, or yes and no."""
    state: str = "new"
    """new, there (so already) or refused."""
    why: str = ""
    moves: str = ""
    """What a merge moves: "12 commits, 3 reviews"."""


@dataclass(frozen=True, slots=True)
class IdentityPlan:
    """What an import would do."""

    rows: tuple[PlannedIdentity, ...]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def sentence(self) -> str:
        """ "2 changes, 3 lines say what is so already, 1 refused."."""
        new, there = self.count("new"), self.count("there")
        return (
            f"{new} {'change' if new == 1 else 'changes'}, {there} {'line says' if there == 1 else 'lines say'} what is"
            f" so already, {self.count('refused')} refused."
        )


def plan_identities(ctx: Context, content: bytes, name: str) -> IdentityPlan:
    """What a table or a .mailmap would change. Whoever it does not name stays as they are."""
    ctx.require(Capability.MANAGE_PEOPLE)
    everybody = _Everybody(people(ctx, include_bots=True))
    planned = [one for row in read(content, name) for one in everybody.planned(row)]
    merges = [one for one in planned if one.deed == "merge"]
    told = {one: _moves(ctx, everybody, one) for one in merges[:COUNTED]}
    return IdentityPlan(tuple(_with_moves(one, told.get(one, "")) for one in planned))


def take_identities(ctx: Context, plan: IdentityPlan, name: str = "") -> int:
    """Make the changes of a plan, all of them or none; how many."""
    fresh = [row for row in plan.rows if row.state == "new"]
    if not fresh:
        ctx.require(Capability.MANAGE_PEOPLE)
        return 0
    with changing(ctx) as session:
        old: list[int] = []
        for row in fresh:
            person = own_row(session, ctx, row.person_id)
            if person.merged_into_id:
                raise Conflict(f"'{person.name}' is part of another person by now. Look at the file again.")
            match row.deed:
                case "merge":
                    old += identities_of(session, ctx, [row.person_id])
                    joined(session, ctx, own_row(session, ctx, row.into_id), person, is_automatic=False,
                           reason=f"{name or 'a file'}, {row.place}")  # fmt: skip
                case "rename":
                    person.name = row.value[:240]
                case "bot":
                    person.is_bot, person.bot_by_hand = row.value == "yes", True
                    person.bot_reason = f"{name or 'A file'} said so." if person.is_bot else ""
                    old += identities_of(session, ctx, [row.person_id])
                case "lock":
                    person.is_locked = row.value == "yes"
        note(session, ctx, "people.imported", name or "a file", changes=len(fresh),
             merges=sum(row.deed == "merge" for row in fresh))  # fmt: skip
        if old:
            mark_old(session, ctx, "merge", sorted(set(old)))
        mark_labels(session, ctx)
    return len(fresh)


class _Everybody:
    """Whom identities belong to, while the lines before have been followed."""

    def __init__(self, known: list[PersonView]) -> None:
        self.people = {one.id: one for one in known}
        self.into: dict[str, str] = {}
        self.called = {one.id: one.name for one in known}
        self.flags = {one.id: {"bot": one.is_bot, "lock": one.is_locked} for one in known}
        self.homes: dict[str, str] = {}
        """Proper addresses that nobody has, and whose they became."""
        self.by_email, self.by_login, self.by_name = (defaultdict[str, set[str]](set) for _ in range(3))
        self.by_both = defaultdict[tuple[str, str], set[str]](set)
        for one in known:
            for i in one.identities:
                email, name = i.email.casefold(), i.name.casefold()
                self.by_email[email].add(one.id)
                self.by_both[name, email].add(one.id)
                self.by_name[name].add(one.id)
                if i.login:
                    self.by_login[i.login.casefold()].add(one.id)

    def planned(self, row: IdentityRow) -> Iterator[PlannedIdentity]:
        """What a line changes, and from then on it is so."""
        who = f"{row.name} <{row.email}>" if row.name and row.email else row.email or row.login or row.name
        if row.refused:
            yield PlannedIdentity(row.place, who, "", "", "", state="refused", why=row.refused)
            return
        mine, why = self._found(row.name, row.email, row.login)
        if not mine:
            yield PlannedIdentity(row.place, who, "", "", "", state="refused", why=why)
            return
        made = list(self._changes(row, who, mine))
        yield from made or [PlannedIdentity(row.place, who, "", mine, self.called[mine], state="there")]

    def _changes(self, row: IdentityRow, who: str, mine: str) -> Iterator[PlannedIdentity]:
        home = self._home(row, mine)
        if home != mine:
            locked = next((one for one in (home, mine) if self.flags[one]["lock"]), "")
            if locked:
                why = f"'{self.called[locked]}' is locked. Unlock them first."
                yield PlannedIdentity(row.place, who, "", mine, self.called[mine], state="refused", why=why)
                return
            more = len(self.people[mine].identities) - 1
            along = f"Brings {more} more {'identity' if more == 1 else 'identities'} along." if more else ""
            yield PlannedIdentity(
                row.place, who, "merge", mine, self.called[mine], home, self.called[home], why=along
            )  # fmt: skip
            self.into[mine] = home
        if row.person and row.person != self.called[home]:
            yield PlannedIdentity(row.place, who, "rename", home, self.called[home], value=row.person)
            self.called[home] = row.person
        for deed, wanted in (("bot", row.bot), ("lock", row.locked)):
            if wanted is not None and wanted != self.flags[home][deed]:
                value = "yes" if wanted else "no"
                yield PlannedIdentity(row.place, who, deed, home, self.called[home], value=value)
                self.flags[home][deed] = wanted

    def _home(self, row: IdentityRow, mine: str) -> str:
        """The person that the line says the identity is of."""
        if not row.person_email:
            return mine
        email = row.person_email.casefold()
        found = {self._end(one) for one in self.by_email.get(email, ())}
        if len(found) == 1:
            return found.pop()
        return self._end(self.homes.setdefault(email, mine))

    def _found(self, name: str, email: str, login: str) -> tuple[str, str]:
        tries: list[set[str]] = []
        if name and email:
            tries.append(self.by_both.get((name.casefold(), email.casefold()), set()))
        if email:
            tries.append(self.by_email.get(email.casefold(), set()))
        elif login:
            tries.append(self.by_login.get(login.casefold(), set()))
        elif name:
            tries.append(self.by_name.get(name.casefold(), set()))
        for found in tries:
            ends = {self._end(one) for one in found}
            if len(ends) == 1:
                return ends.pop(), ""
            if ends:
                return "", f"{len(ends)} persons have this. Give name and address together."
        return "", "No source has seen this identity."

    def _end(self, person_id: str) -> str:
        while person_id in self.into:
            person_id = self.into[person_id]
        return person_id


def _moves(ctx: Context, everybody: _Everybody, one: PlannedIdentity) -> str:
    found = footprint(ctx, [identity.id for identity in everybody.people[one.person_id].identities])
    return ", ".join(f"{count:,} {what}" for what, count in found.counts.items() if count) or "no facts"


def _with_moves(one: PlannedIdentity, moves: str) -> PlannedIdentity:
    return replace(one, moves=moves) if moves else one
