"""Sightings become identities, identities find their person: set-wise, and the same twice as once.

Two rules join by themselves: the same well-formed email (which is one identity), and the
same login at the same provider. Everything else is a suggestion for somebody to judge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.context import Context
from core.people import bots
from core.people.footprint import mark_old
from core.people.identities import identity_id, login_of
from core.people.merging import identities_of, joined, kept_apart, roots
from core.people.models import Identity, Person
from core.people.publishing import hold, written
from core.people.views import Seen

Account = tuple[str, str]
"""Provider and case-folded login."""


@dataclass(slots=True)
class Sighting:
    """An identity's row before it is written."""

    id: int
    email: str
    name: str
    provider: str
    login: str
    is_bot: bool | None
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    count: int
    home_id: str = ""
    person_id: str = ""

    @property
    def account(self) -> Account | None:
        return (self.provider, self.login.casefold()) if self.login else None

    def learn(self, other: Sighting) -> None:
        """Take over what `other` knows and this one does not; the name follows the later sighting."""
        if other.name and (not self.name or _after(other.last_seen_at, self.last_seen_at)):
            self.name = other.name
        if other.login and not self.login:
            self.provider, self.login = other.provider, other.login
        if other.is_bot is not None:
            self.is_bot = other.is_bot
        self.first_seen_at = min((t for t in (self.first_seen_at, other.first_seen_at) if t), default=None)
        self.last_seen_at = max((t for t in (self.last_seen_at, other.last_seen_at) if t), default=None)
        self.count = max(self.count, other.count)


def register(ctx: Context, seen: Iterable[Seen]) -> None:
    """Make sure that everybody seen has an identity and a person, here and in the metrics store."""
    batch = _by_identity(seen)
    if not batch:
        return
    with ctx.metrics.brief(), ctx.app.session() as session:
        hold(session, ctx)
        known = _known(session, ctx)
        fresh = [sight for id_, sight in batch.items() if id_ not in known]
        taught = _taught(session, known, batch)
        if not fresh and not taught:
            return
        _placed(session, ctx, known, fresh)
        if taught:
            session.execute(sa.update(Identity), [_row(ctx, sight) for sight in taught])
        moved = [*_joined_by_account(session, ctx, taught), *_bots_found(session, ctx, [*fresh, *taught])]
        written(session, ctx)
        if moved:
            mark_old(session, ctx, "people", moved)


def _by_identity(seen: Iterable[Seen]) -> dict[int, Sighting]:
    """One sighting an identity, named as most of them do."""
    batch: dict[int, Sighting] = {}
    for one in sorted(seen, key=lambda one: (-one.count, one.email, one.name)):
        sight = _sighting(one)
        if kept := batch.get(sight.id):
            name, kept.name = kept.name, kept.name or sight.name
            kept.learn(sight)
            kept.name = name or sight.name
        else:
            batch[sight.id] = sight
    return batch


def _sighting(seen: Seen) -> Sighting:
    provider, login = seen.provider, seen.login.strip()
    if not login and (found := login_of(seen.email)):
        provider, login = "github", found
    number = identity_id(seen.email, seen.name, seen.login, seen.provider)
    return Sighting(
        number, seen.email.strip()[:254], seen.name.strip()[:240], provider, login[:120],
        seen.is_bot, seen.first_seen_at, seen.last_seen_at, seen.count,
    )  # fmt: skip


def _known(session: Session, ctx: Context) -> dict[int, Sighting]:
    columns = [getattr(Identity, name) for name in Sighting.__slots__]
    found = session.execute(sa.select(*columns).where(Identity.workspace_id == ctx.workspace.id))
    return {row[0]: Sighting(*row) for row in found}


def _taught(session: Session, known: dict[int, Sighting], batch: dict[int, Sighting]) -> list[Sighting]:
    """Known identities that the batch tells more of."""
    taught = []
    for id_, sight in batch.items():
        if id_ in known:
            before = asdict(known[id_])
            known[id_].learn(sight)
            if asdict(known[id_]) != before:
                taught.append(known[id_])
    return taught


def _placed(session: Session, ctx: Context, known: dict[int, Sighting], fresh: Sequence[Sighting]) -> None:
    """Give each fresh identity its person: the one with the same login, else a new one."""
    ends = roots(session, ctx.workspace.id)
    locked = set(session.scalars(_persons(ctx).where(Person.is_locked)))
    homes: dict[Account, str] = {}
    for sight in known.values():
        if sight.account and ends.get(sight.home_id, sight.home_id) not in locked:
            homes.setdefault(sight.account, sight.home_id)
    new: dict[str, list[Sighting]] = defaultdict(list)
    for sight in fresh:
        own = person_id_of(ctx.workspace.id, sight.id)
        sight.home_id = homes.setdefault(sight.account, own) if sight.account else own
        sight.person_id = ends.get(sight.home_id, sight.home_id)
        if sight.home_id == own or sight.home_id in new:
            new[sight.home_id].append(sight)
    if fresh:
        _people_written(session, ctx, new)
        session.execute(sa.insert(Identity), [_row(ctx, sight) for sight in fresh])


def _people_written(session: Session, ctx: Context, new: dict[str, list[Sighting]]) -> None:
    rows = []
    for person_id, sightings in new.items():
        # The identity seen most gives the name; a no-reply address is shown only where there is no other.
        name = next((s.name for s in sightings if s.name), sightings[0].login or sightings[0].email)
        email = next((s.email for s in sightings if s.email and not login_of(s.email)), sightings[0].email)
        rows.append(
            {"id": person_id, "workspace_id": ctx.workspace.id, "name": name or "Unknown", "email": email,
             "is_bot": False, "bot_reason": "", "bot_by_hand": False, "is_locked": False, "created_at": ctx.clock()}
        )  # fmt: skip
    if rows:
        session.execute(sa.insert(Person), rows)


def _joined_by_account(session: Session, ctx: Context, taught: Sequence[Sighting]) -> list[int]:
    """Join persons who turn out to share a login, except those locked or kept apart; returns identities moved."""
    logins = {sight.login for sight in taught if sight.login}
    if not logins:
        return []
    sharing: dict[Account, list[str]] = defaultdict(list)
    found = session.execute(
        sa.select(Identity.provider, Identity.login, Identity.person_id)
        .where(Identity.workspace_id == ctx.workspace.id, Identity.login != "")
        .order_by(Identity.count.desc(), Identity.id)
    )
    for provider, login, person in found:
        sharing[provider, login.casefold()].append(person)
    apart, moved = kept_apart(session, ctx.workspace.id), list[int]()
    for (provider, login), persons in sharing.items():
        for other in dict.fromkeys(persons[1:]):
            moved += _joined_pair(session, ctx, persons[0], other, f"Same {provider} login '{login}'.", apart)
    return moved


def _joined_pair(
    session: Session, ctx: Context, into_id: str, other_id: str, reason: str, apart: set[tuple[str, str]]
) -> list[int]:
    ends = roots(session, ctx.workspace.id)
    into = session.get_one(Person, ends.get(into_id, into_id))
    other = session.get_one(Person, ends.get(other_id, other_id))
    pair = (min(into.id, other.id), max(into.id, other.id))
    if into.id == other.id or into.is_locked or other.is_locked or pair in apart:
        return []
    moved = identities_of(session, ctx, [other.id])
    joined(session, ctx, into, other, is_automatic=True, reason=reason)
    return moved


def _bots_found(session: Session, ctx: Context, sightings: Sequence[Sighting]) -> list[int]:
    """Take for bots whom the rules say; returns identities of persons who were not bots before this batch."""
    patterns = bots.patterns_of(session, ctx)
    reasons = {s.id: why for s in sightings if (why := bots.reason_of([s], patterns))}
    if not reasons:
        return []
    turned = []
    persons = session.scalars(
        sa.select(Person)
        .where(Person.id.in_(sa.select(Identity.person_id).where(_these(ctx, reasons))))
        .where(Person.is_bot.is_(False), Person.bot_by_hand.is_(False), Person.is_locked.is_(False))
    ).all()
    for person in persons:
        identities = identities_of(session, ctx, [person.id])
        person.is_bot, person.bot_reason = True, next(reasons[i] for i in identities if i in reasons)
        turned += identities
    return turned


def person_id_of(workspace_id: str, identity: int) -> str:
    """The id of the person first known by this identity: the same when the data is imported anew."""
    return blake2b(f"{workspace_id}:{identity}".encode(), digest_size=16).hexdigest()


def _these(ctx: Context, identities: Iterable[int]) -> sa.ColumnElement[bool]:
    return sa.and_(Identity.workspace_id == ctx.workspace.id, Identity.id.in_(list(identities)))


def _persons(ctx: Context) -> sa.Select[str]:
    return sa.select(Person.id).where(Person.workspace_id == ctx.workspace.id)


def _row(ctx: Context, sight: Sighting) -> dict[str, object]:
    return {"workspace_id": ctx.workspace.id, **asdict(sight)}


def _after(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)
