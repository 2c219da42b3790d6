"""The identities of the cast: what sources see of them, and which one stands in which commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pyarrow as pa

from core.demo.cast import ALIASES, AUTOMATA, CAST, Alias
from core.demo.stage import Indices
from core.people.identities import identity_id
from core.people.service import Seen


@dataclass(frozen=True, slots=True)
class Known:
    """Identities by actor, and their aliases."""

    ids: np.ndarray
    """By actor: the identity under which they open and review."""
    logins: tuple[str, ...]
    names: dict[int, str]
    emails: dict[int, str]
    aliases: tuple[tuple[int, int, Alias], ...]
    """Actor, identity, alias."""

    def of_commits(self, rng: np.random.Generator, author: Indices, day: Indices) -> np.ndarray:
        """The identity of each commit."""
        ids, draws = self.ids[author].copy(), rng.random(len(author))
        for actor, identity, alias in self.aliases:
            ids[(author == actor) & (day < alias.until) & (draws < alias.share)] = identity
        return ids

    def names_of(self, ids: np.ndarray) -> pa.Array:
        return _looked_up(self.names, ids)

    def emails_of(self, ids: np.ndarray) -> pa.Array:
        return _looked_up(self.emails, ids)


def known() -> Known:
    """The cast's identities: the same numbers everywhere."""
    texts = [(m.name, m.email) for m in CAST] + [(a.name, a.email) for a in AUTOMATA]
    ids = [identity_id(email, name) for name, email in texts]
    actors = {member.login: index for index, member in enumerate(CAST)}
    aliases = tuple((actors[a.login], identity_id(a.email, a.name), a) for a in ALIASES)
    names = dict(zip(ids, (name for name, _ in texts), strict=True)) | {i: a.name for _, i, a in aliases}
    emails = dict(zip(ids, (email for _, email in texts), strict=True)) | {i: a.email for _, i, a in aliases}
    logins = (*(m.login for m in CAST), *(a.login or a.name.lower().replace(" ", "-") for a in AUTOMATA))
    return Known(np.array(ids, np.uint64), logins, names, emails, aliases)


def sightings(beginning: date, until: date, counts: dict[int, int]) -> list[Seen]:
    """What the demo's source says of everybody: accounts with logins, and bare emails out of git."""
    first, days = datetime.combine(beginning, time.min, UTC), (until - beginning).days
    seen = []
    for member in CAST:
        identity = identity_id(member.email)
        starts = first + timedelta(days=max(member.joined, 0))
        ends = first + timedelta(days=min(member.left, days), seconds=-1)
        seen.append(
            Seen(member.email, member.name, member.login, "github", False, starts, ends, counts.get(identity, 1))
        )
    for automaton in AUTOMATA:
        identity = identity_id(automaton.email, automaton.name)
        provider, ends = "github" if automaton.login else "git", first + timedelta(days=days, seconds=-1)
        seen.append(
            Seen(
                automaton.email,
                automaton.name,
                automaton.login,
                provider,
                automaton.is_bot,
                first,
                ends,
                counts.get(identity, 1),
            )
        )
    for alias in ALIASES:
        identity = identity_id(alias.email, alias.name)
        ends = first + timedelta(days=min(alias.until, days), seconds=-1)
        seen.append(
            Seen(alias.email, alias.name, first_seen_at=first, last_seen_at=ends, count=counts.get(identity, 1))
        )
    return seen


def _looked_up(texts: dict[int, str], ids: np.ndarray) -> pa.Array:
    values, places = np.unique(ids, return_inverse=True)
    return pa.array([texts[int(value)] for value in values]).take(pa.array(places))
