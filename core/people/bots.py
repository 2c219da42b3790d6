"""Bots: what the provider says, a `[bot]` suffix, or the workspace's list. A name with "bot" in it proves nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.workspaces import note
from core.base.errors import BadInput
from core.context import Capability, Context
from core.people.directory import own_row
from core.people.footprint import mark_old
from core.people.merging import identities_of
from core.people.models import BotList, Identity, Person
from core.people.publishing import changing
from core.people.views import BotCandidate

KNOWN = (
    "dependabot", "dependabot-preview", "renovate", "renovate bot", "renovate-bot", "bot@renovateapp.com",
    "github-actions", "github actions", "greenkeeper", "greenkeeperio-bot", "snyk-bot", "semantic-release-bot",
    "pre-commit-ci", "mergify", "allcontributors", "imgbot", "gitlab-bot", "k8s-ci-robot", "travis-ci", "jenkins",
    "weblate", "hosted weblate", "hosted@weblate.org", "*@bot.noreply.*",
)  # fmt: skip
"""What a workspace's list begins with."""

_SUFFIX = re.compile(r"\[bot\]$", re.IGNORECASE)
_SUSPECT = re.compile(
    r"\b(bot|robot|ci|automation|automated|autobuild|buildbot|jenkins|deploy(er)?|release manager|service account|"
    r"no-?reply|cron|builder|github-actions?)\b",
    re.IGNORECASE,
)


class Named(Protocol):
    """What a rule looks at: an identity's row, or a sighting."""

    name: str
    email: str
    login: str
    is_bot: bool | None


def reason_of(known: Iterable[Named], patterns: Sequence[str]) -> str:
    """Why somebody with these identities is a bot; empty if no rule says so."""
    matcher = _matcher(tuple(patterns))
    for identity in known:
        texts = [identity.name.strip(), identity.login.strip(), identity.email.strip()]
        if identity.is_bot:
            return "The provider says that the account is a bot."
        if any(_SUFFIX.search(text) for text in (*texts, identity.email.partition("@")[0])):
            return "Its name ends in [bot]."
        for text in texts:
            if text and matcher.fullmatch(text.casefold()):
                return f"'{text}' is on this workspace's list of bots."
    return ""


def suspicion(name: str, email: str) -> str:
    """Why somebody should look at this person; empty if nothing is odd."""
    for text, what in ((name, "name"), (email.partition("@")[0], "address")):
        if found := _SUSPECT.search(text.replace("_", " ").replace("-", " ").replace(".", " ")):
            return f"The {what} has the word '{found.group(0).casefold()}'."
    return ""


def patterns_of(session: Session, ctx: Context) -> list[str]:
    """The workspace's list, or the one we begin with."""
    row = session.get(BotList, ctx.workspace.id)
    return list(row.patterns) if row else list(KNOWN)


def bot_patterns(ctx: Context) -> list[str]:
    """The names, logins and emails that this workspace takes for bots."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        return patterns_of(session, ctx)


def set_bot_patterns(ctx: Context, patterns: Iterable[str]) -> int:
    """Replace the list and apply it to everybody not decided by hand; returns how many persons changed."""
    kept = sorted({pattern.strip().casefold() for pattern in patterns if pattern.strip()})
    if any(not pattern.strip("*?") for pattern in kept):
        raise BadInput("An entry of only '*' would make everybody a bot. Write a name, a login or an email.")
    with changing(ctx) as session:
        row = session.get(BotList, ctx.workspace.id) or BotList(workspace_id=ctx.workspace.id)
        before, row.patterns = patterns_of(session, ctx), kept
        session.add(row)
        changed = _reconsidered(session, ctx, kept)
        if changed:
            mark_old(session, ctx, "bot", identities_of(session, ctx, changed))
        note(session, ctx, "people.bot_list", added=sorted(set(kept) - set(before)),
             removed=sorted(set(before) - set(kept)), changed=len(changed))  # fmt: skip
        return len(changed)


def set_bot(ctx: Context, person_id: str, is_bot: bool) -> None:
    """Decide by hand; no rule changes it afterwards."""
    with changing(ctx) as session:
        person = own_row(session, ctx, person_id)
        moved = person.is_bot != is_bot
        person.is_bot, person.bot_by_hand = is_bot, True
        person.bot_reason = f"{ctx.actor.name} said so." if is_bot else ""
        note(session, ctx, "people.bot", person.name, person_id=person_id, is_bot=is_bot)
        if moved:
            mark_old(session, ctx, "bot", identities_of(session, ctx, [person_id]))


def bot_candidates(ctx: Context) -> list[BotCandidate]:
    """Persons that look like bots and that nobody has decided about, those seen most first."""
    ctx.require(Capability.MANAGE_PEOPLE)
    with ctx.app.reading() as session:
        found = session.execute(
            sa.select(Person.id, Person.name, Person.email, sa.func.coalesce(sa.func.sum(Identity.count), 0))
            .outerjoin(Identity, sa.and_(Identity.person_id == Person.id, Identity.workspace_id == Person.workspace_id))
            .where(
                Person.workspace_id == ctx.workspace.id,
                Person.merged_into_id.is_(None),
                Person.is_bot.is_(False),
                Person.bot_by_hand.is_(False),
            )
            .group_by(Person.id, Person.name, Person.email)
            .order_by(Person.name)
        ).all()
    looked = [BotCandidate(id_, name, email, suspicion(name, email), int(seen)) for id_, name, email, seen in found]
    return sorted((one for one in looked if one.reason), key=lambda one: (-one.seen, one.name))


def _reconsidered(session: Session, ctx: Context, patterns: Sequence[str]) -> list[str]:
    """Persons whom the rules now see otherwise, already changed."""
    identities: dict[str, list[Identity]] = defaultdict(list)
    for row in session.scalars(sa.select(Identity).where(Identity.workspace_id == ctx.workspace.id)):
        identities[row.person_id].append(row)
    undecided = session.scalars(
        sa.select(Person).where(
            Person.workspace_id == ctx.workspace.id, Person.bot_by_hand.is_(False), Person.is_locked.is_(False)
        )
    )
    changed = []
    for person in undecided:
        why = reason_of(identities[person.id], patterns) if person.merged_into_id is None else person.bot_reason
        if person.merged_into_id is None and bool(why) != person.is_bot:
            changed.append(person.id)
        person.is_bot, person.bot_reason = bool(why), why
    return changed


@lru_cache(maxsize=32)
def _matcher(patterns: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = [".*".join(re.escape(part) for part in pattern.casefold().split("*")) for pattern in patterns]
    return re.compile("|".join(alternatives) or r"(?!)")
