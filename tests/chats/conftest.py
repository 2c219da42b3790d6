"""One finished report with two teams and two months of work, shared by the tests of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from core.access import users, workspaces
from core.bootstrap import House
from core.context import Context
from core.people import service as people
from core.people.views import Seen
from core.reports import service as reports
from core.stores.metrics import MetricsStore
from tests import fresh
from tests.catalogue.factories import History
from tests.reports.conftest import PEOPLE, World, drained

MARCH = "2026-03-01..2026-03-10"


@pytest.fixture(scope="module")
def asked_house(
    home: Path, blank: Path, metrics: MetricsStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house of this file's tests alone."""
    folder = tmp_path_factory.mktemp("chats")
    store = fresh.copied(blank, folder / "app.db")
    yield fresh.house(home, store, metrics, folder)
    store.close()


@pytest.fixture(scope="module")
def asked_world(asked_house: House) -> World:
    """Atlas (ann, bob) made 9 + 3 commits in the first ten days of March, Borealis (cem, dot) 9; before, 10 and 6."""
    ctx = asked_house.context(workspaces.create(asked_house.app, name="Acme", now=fresh.NOW))
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
        history.commit("cem", f"2026-03-{day:02d} 11:00", repo="site")
    for day in range(1, 4):
        history.commit("bob", f"2026-03-{day:02d} 15:00", repo="site")
    for day in range(19, 29):
        history.commit("bob", f"2026-02-{day:02d} 10:00")
    for day in range(19, 25):
        history.commit("dot", f"2026-02-{day:02d} 12:00", repo="site")
    for day in range(1, 6):
        history.commit("cem", f"2026-01-{day:02d} 12:00", repo="site")
    return World(history.ingest(), teams, history.repos, persons)


@pytest.fixture(scope="module")
def run_of(asked_house: House, asked_world: World) -> Callable[..., str]:
    """`run_of(ctx, *blocks, scope=…)` is the id of a finished run over the first ten days of March."""

    def run(ctx: Context, *blocks: dict[str, object], scope: dict[str, object] | None = None) -> str:
        plan = {"title": "Asked", "window": {"range": MARCH}, "sections": [{"blocks": list(blocks)}]}
        plan |= {"scope": scope} if scope else {}
        report = reports.create(ctx, "Asked", {"formats": ["markdown"]}, plan=plan)
        started = reports.run_now(ctx, report.id)
        for task, args in drained(asked_house):
            if task == "report":
                reports.execute(asked_house, *map(str, args))
        return started.id

    return run


@pytest.fixture(scope="module")
def somebody(asked_world: World) -> Callable[..., Context]:
    """`somebody("mia", "viewer")` is the workspace as a new user of that role."""

    def make(name: str, role: str = "member") -> Context:
        ctx = asked_world.ctx
        users.add(ctx, username=name, email=f"{name}@example.org", role=role, password="four words and more")
        return ctx.as_actor(users.actor_for(ctx.app, users.named(ctx.app, name).id, ctx.workspace.id))

    return make


def stat(metric: str, **more: str) -> dict[str, object]:
    return {"widget": "metric.stat", "params": {"metric": metric, "spark": False, **more}}


def by_team(metric: str) -> dict[str, object]:
    return {"widget": "metric.breakdown", "params": {"metric": metric, "by": "team"}}


BLOCKS = (stat("commits_count"), by_team("commits_count"), stat("avg_pr_cycle_time_hours"))


@pytest.fixture(scope="module")
def run_id(asked_world: World, run_of: Callable[..., str]) -> str:
    """The whole organisation's."""
    return run_of(asked_world.ctx, *BLOCKS)


@pytest.fixture(scope="module")
def atlas_run(asked_world: World, run_of: Callable[..., str]) -> str:
    """A report about the team Atlas."""
    return run_of(asked_world.ctx, *BLOCKS, scope={"teams": [asked_world.teams["Atlas"]]})
