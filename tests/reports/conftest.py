"""A workspace with two teams and two months of work, and users who own reports in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from core.access import users
from core.base.queue import InlineQueue
from core.bootstrap import House
from core.context import Context
from core.people import service as people
from core.people.views import Seen
from core.reports import service as reports
from core.reports.views import RunView
from tests.catalogue.factories import History

PEOPLE = ("ann", "bob", "cem", "dot")
FORMATS = ["markdown", "json", "csv"]


@dataclass
class World:
    """What the fixture made, by name."""

    ctx: Context
    teams: dict[str, str]
    repos: dict[str, str]
    persons: dict[str, str]


@pytest.fixture
def world(ctx: Context) -> World:
    """Teams Atlas (ann, bob) and Borealis (cem, dot); repositories app and site; commits in January to March."""
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in PEOPLE])
    persons = {view.email.partition("@")[0]: view.id for view in people.people(ctx)}
    teams = {}
    for team, members in {"Atlas": ("ann", "bob"), "Borealis": ("cem", "dot")}.items():
        teams[team] = people.create_team(ctx, team).id
        for name in members:
            people.set_membership(ctx, persons[name], teams[team], date(2026, 1, 1))
    history = History(ctx)
    for day in range(1, 10):
        history.commit("ann", f"2026-03-{day:02d} 09:00")
        history.commit("bob", f"2026-02-{day + 10:02d} 10:00", repo="site")
        history.commit("cem", f"2026-03-{day:02d} 11:00", repo="site")
    history.commit("dot", "2026-01-20 12:00")
    fresh = history.ingest()
    return World(fresh, teams, history.repos, persons)


@pytest.fixture
def user(world: World) -> Callable[..., Context]:
    """`user("mia", "member")` is the workspace as a new user of that role."""

    def make(name: str, role: str = "member") -> Context:
        users.add(world.ctx, username=name, email=f"{name}@example.org", role=role, password="four words and more")
        row = users.named(world.ctx.app, name)
        return world.ctx.as_actor(users.actor_for(world.ctx.app, row.id, world.ctx.workspace.id))

    return make


@pytest.fixture
def finish(house: House) -> Callable[..., RunView]:
    """`finish(ctx, run)` works the queue off as a worker would, and gives the run as it ended."""

    def work_off(ctx: Context, run: RunView) -> RunView:
        for task, args in drained(house):
            if task == "report":
                reports.execute(house, *map(str, args))
        return reports.run(ctx, run.id)

    return work_off


def drained(house: House) -> Iterator[tuple[str, tuple[object, ...]]]:
    queue = house.queue
    assert isinstance(queue, InlineQueue)
    while queue.waiting:
        yield queue.waiting.pop(0)
