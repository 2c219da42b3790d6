"""Every verb about people asks for a capability first, also those that only read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from core.base.errors import NotAllowed
from core.context import Actor, Context
from core.people import service

READING: dict[str, Callable[[Context], object]] = {
    "people": service.people,
    "names": service.names,
    "person": lambda ctx: service.person(ctx, "ann@example.com"),
    "current_ids": lambda ctx: service.current_ids(ctx, ["ann"]),
    "teams": service.teams,
    "team": lambda ctx: service.team(ctx, "Atlas"),
    "memberships": service.memberships,
    "schedule": service.schedule,
    "bot_patterns": service.bot_patterns,
    "leave": service.leave,
    "suggestions": service.suggestions,
    "merges": service.merges,
}


@pytest.mark.parametrize("verb", READING.values(), ids=READING)
def test_whoever_may_nothing_reads_nothing(ctx: Context, verb: Callable[[Context], object]) -> None:
    with pytest.raises(NotAllowed):
        verb(ctx.as_actor(Actor("u1", "Nobody", "viewer", frozenset())))


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_who_was_away_and_why_is_for_those_who_look_after_people(acting: Callable[[str], Context], role: str) -> None:
    with pytest.raises(NotAllowed):
        service.leave(acting(role))
    with pytest.raises(NotAllowed):
        service.add_leave(acting(role), "ann", date(2026, 3, 2), date(2026, 3, 3))
