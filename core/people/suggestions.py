"""Who may be whom: scored, with reasons, for somebody to judge. Nothing is joined here."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, product

from core.context import Capability, Context
from core.people.directory import people
from core.people.identities import login_of
from core.people.merging import kept_apart
from core.people.views import PersonView, Suggestion

LEAST_SCORE = 0.6
ALIKE = 88
"""Names this alike, of 100, are worth a look."""
CROWD = 40
"""A word that more people share than this tells nothing about two of them."""
NOBODY = frozenset({
    "admin", "administrator", "build", "builder", "ci", "code", "contact", "dev", "developer", "devops", "email",
    "git", "github", "gitlab", "hello", "home", "info", "local", "localhost", "mail", "me", "noreply", "no-reply",
    "nobody", "office", "root", "support", "team", "test", "ubuntu", "user", "username", "webmaster", "work",
    "unknown",
})  # fmt: skip
"""Words before the @, and names, that say nothing of a person."""


def suggestions(ctx: Context, limit: int = 200) -> list[Suggestion]:
    """Pairs that may be one person, likeliest first."""
    ctx.require(Capability.MANAGE_PEOPLE)
    known = people(ctx)
    with ctx.app.reading() as session:
        apart = kept_apart(session, ctx.workspace.id)
    traces = {one.id: _Trace(one) for one in known}
    found = []
    for one_id, other_id in _pairs(list(traces.values())):
        if (one_id, other_id) not in apart:
            reasons = list(_reasons(traces[one_id], traces[other_id]))
            if reasons and (score := _together([score for score, _ in reasons])) >= LEAST_SCORE:
                found.append(_suggestion(traces[one_id].person, traces[other_id].person, score, reasons))
    return sorted(found, key=lambda s: (-s.score, s.into_name, s.from_name))[:limit]


class _Trace:
    """What of a person can be compared."""

    def __init__(self, person: PersonView) -> None:
        self.person = person
        self.names = {folded for one in person.identities if (folded := fold(one.name)) and folded not in NOBODY}
        self.locals = {
            local
            for one in person.identities
            if not login_of(one.email) and len(local := one.email.casefold().partition("@")[0].split("+")[0]) >= 4
            and local not in NOBODY
        }  # fmt: skip
        self.logins = {(one.provider, one.login.casefold()) for one in person.identities if one.login}
        self.spelled = {bare for name in self.names if " " in name for bare in _spellings(name)}
        self.bare_locals = {bare for text in self.locals | {login for _, login in self.logins}
                            if len(bare := re.sub(r"[^a-z]", "", text)) >= 5}  # fmt: skip

    @property
    def keys(self) -> set[tuple[str, str]]:
        """Persons are compared only if they share one of these."""
        words = {word for name in self.names for word in name.split() if len(word) >= 3}
        return (
            {("word", word) for word in words}
            | {("local", local) for local in self.locals}
            | {("bare", bare) for bare in self.spelled | self.bare_locals}
            | {("login", f"{provider}:{login}") for provider, login in self.logins}
            | {("name", name) for name in self.names}
        )


def fold(name: str) -> str:
    """Lower case without accents, marks or order: "Müller, Jörg" and "jorg muller" are the same."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"\w+", bare.replace("_", " "))))


def _spellings(name: str) -> Iterator[str]:
    """What addresses make of a name: janedoe, doejane, jdoe, janed."""
    words = name.split()
    for first, last in ((words[0], words[-1]), (words[-1], words[0])):
        yield from (first + last, first[0] + last, first + last[0])


def _pairs(traces: Sequence[_Trace]) -> list[tuple[str, str]]:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for trace in traces:
        for key in trace.keys:
            groups[key].append(trace.person.id)
    pairs: set[tuple[str, str]] = set()
    for members in groups.values():
        if 1 < len(members) <= CROWD:
            pairs.update(combinations(sorted(members), 2))
    return sorted(pairs)


def _reasons(one: _Trace, other: _Trace) -> Iterator[tuple[float, str]]:
    for provider, login in sorted(one.logins & other.logins):
        yield 0.95, f"Both have the {provider} login '{login}'."
    if same := {name for name in one.names & other.names if " " in name}:
        yield 0.9, f"Both are called '{_as_written(one.person, min(same))}'."
    elif same := one.names & other.names:
        yield 0.6, f"Both are called '{_as_written(one.person, min(same))}'."
    elif near := _nearest(one.names, other.names):
        yield near
    if shared := sorted(one.locals & other.locals):
        yield 0.7, f"Both have an address that begins with '{shared[0]}@'."
    elif spelled := sorted(one.spelled & other.bare_locals) or sorted(other.spelled & one.bare_locals):
        yield 0.65, f"The address or login '{spelled[0]}' spells the other's name."


def _nearest(names: set[str], others: set[str]) -> tuple[float, str] | None:
    from rapidfuzz.fuzz import ratio

    scored = [(ratio(a, b), a, b) for a, b in product(sorted(names), sorted(others)) if " " in a and " " in b]
    alike, a, b = max(scored, default=(0.0, "", ""))
    if alike < ALIKE or (a[0] != b[0] and alike < 93):
        return None
    return 0.8 * alike / 100, f"Their names are nearly the same ({alike:.0f} of 100 alike)."


def _together(scores: Sequence[float]) -> float:
    doubt = 1.0
    for score in scores:
        doubt *= 1 - score
    return round(min(1 - doubt, 0.99), 2)


def _as_written(person: PersonView, folded: str) -> str:
    return next((one.name for one in person.identities if fold(one.name) == folded), folded)


def _suggestion(one: PersonView, other: PersonView, score: float, reasons: Sequence[tuple[float, str]]) -> Suggestion:
    # The one with a team, then the one seen more, stays.
    into, away = sorted((one, other), key=lambda p: (not p.team_ids, -sum(i.count for i in p.identities), p.id))
    return Suggestion(
        into.id, into.name, into.email, away.id, away.name, away.email, score, tuple(text for _, text in reasons)
    )
