"""Snapshots: complete, unique, in agreement with the catalogue, and made anew by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.access import workspaces
from core.base.errors import BadInput, Conflict, NotAllowed
from core.base.period import PeriodType, between, whole
from core.base.queue import InlineQueue
from core.bootstrap import House
from core.catalogue.models import Repository
from core.catalogue.scope import Scope
from core.catalogue.service import measure
from core.context import ROLES, Actor, Context
from core.snapshots import periods, service
from core.snapshots.models import SnapshotPeriod
from core.stores.metrics import MetricsStore
from tests.catalogue.factories import History
from tests.fresh import NOW, copied
from tests.fresh import house as fresh_house

AXES = {"daily": "day", "weekly": "week", "biweekly": "biweek", "monthly": "month"}
STORED = "SELECT count() FROM snapshots FINAL WHERE workspace_id = {w:String}"


def busy(ctx: Context) -> Context:
    """A few weeks of three people in two teams: commits at all hours, reviewed pull requests, a day off, a bot."""
    history = History(ctx)
    for name in ("ann", "bob", "cleo"):
        history.person(name, weekdays=(1, 2, 3, 4, 5))
    history.person("robot", is_bot=True)
    history.member("ann", "red")
    history.member("bob", "red", until="2026-02-10")
    history.member("bob", "blue", since="2026-02-10")
    history.member("cleo", "blue")
    history.off("ann", "2026-02-05")
    for day in (2, 3, 4, 7, 12, 13, 26):
        history.commit("ann", f"2026-02-{day:02} 09:30", offset=60)
        history.commit("ann", f"2026-02-{day:02} 21:30", offset=60, additions=40)
        history.commit("bob", f"2026-02-{day:02} 23:40", repo="lib", offset=-300)
    history.commit("robot", "2026-02-03 10:00")
    history.merge("bob", "2026-02-04 10:00")
    history.commit("cleo", "2026-03-02 10:00")
    for number, day in enumerate((3, 6, 12, 20), 1):
        history.pr("ann", number, opened=f"2026-02-{day:02} 10:00", first_commit=f"2026-02-{day - 1:02} 10:00",
                   merged=f"2026-02-{day + 1:02} 16:00", merged_by="ann")  # fmt: skip
        history.review("bob", number, f"2026-02-{day:02} 15:00", comments=2)
        history.comment("bob", number, f"2026-02-{day:02} 14:00")
    history.pr("cleo", 9, opened="2026-02-10 10:00", closed="2026-02-11 10:00")
    return history.ingest()


def rows(ctx: Context) -> int:
    return int(ctx.metrics.scalar(STORED, {"w": ctx.workspace.id}))


@pytest.fixture(scope="module")
def made(home: Path, blank: Path, metrics: MetricsStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Those weeks with all their snapshots, once for the tests that only look."""
    folder = tmp_path_factory.mktemp("made")
    house = fresh_house(home, copied(blank, folder / "app.db"), metrics, folder)
    ctx = busy(house.context(workspaces.create(house.app, name="Acme", now=NOW)))
    service.generate(ctx)
    yield ctx
    house.app.close()


@pytest.mark.parametrize("kind", list(PeriodType))
@pytest.mark.parametrize("subject", ["person", "team"])
def test_snapshots_agree_with_the_catalogue(made: Context, kind: PeriodType, subject: str) -> None:
    ctx = made

    keys = periods.metric_keys()
    first = whole(kind, date(2026, 2, 1)).start
    answer = measure(
        ctx, keys, Scope(between(first.date(), whole(kind, date(2026, 3, 11)).dates()[1])), (subject, AXES[kind])
    )
    stored = ctx.metrics.rows(
        "SELECT subject_id, toString(period_start) AS start, values, numerators, denominators, ns, states"
        " FROM snapshots FINAL"
        " WHERE workspace_id = {w:String} AND subject_kind = {s:String} AND period_type = {k:String}",
        {"w": ctx.workspace.id, "s": subject, "k": kind.value},
    )
    told = {(row["subject_id"], row["start"]): row for row in stored}
    assert told
    for key in keys:
        measured = {v.group: v for v in answer.of(key) if v.value is not None}
        kept = {group for group, row in told.items() if key in row["values"]}
        assert kept == set(measured), key
        for group, value in measured.items():
            row = told[group]
            assert row["values"][key] == pytest.approx(value.value), (key, group)
            assert row["numerators"][key] == pytest.approx(value.numerator), (key, group)
            assert row["denominators"].get(key) == pytest.approx(value.denominator), (key, group)
            assert row["ns"][key] == value.n
            assert row["states"][key] == "measured"


def test_generating_twice_adds_nothing(ctx: Context) -> None:
    ctx = busy(ctx)
    first = service.generate(ctx, ["weekly"])
    stored = rows(ctx)

    again = service.generate(ctx, ["weekly"], first=date(2026, 2, 1))

    assert first.rows == again.rows == rows(ctx) == stored
    assert {view.generations for view in service.status(ctx, ["weekly"])} == {2}


def test_nothing_is_made_when_nothing_is_due(made: Context) -> None:
    assert service.refresh_dirty(made) is None
    assert service.generate(made).periods == 0


def test_a_late_import_makes_the_periods_it_touches_anew(ctx: Context) -> None:
    ctx = busy(ctx)
    service.generate(ctx)
    before = value(ctx, "ann", "weekly", "commits_count", date(2026, 2, 9))

    late = History(ctx, repos={"app": repo_of(ctx)})
    late.commit("ann", "2026-02-10 09:00")
    late.ingest(feeds=False)
    touched = {view.first for view in service.status(ctx, ["weekly"]) if view.status == "dirty"}
    made = service.refresh_dirty(fresh(ctx, date(2026, 2, 10)))

    assert date(2026, 2, 9) in touched
    assert made is not None
    assert value(ctx, "ann", "weekly", "commits_count", date(2026, 2, 9)) == (before or 0) + 1
    assert not [view for view in service.status(ctx) if view.status == "dirty"]


def test_a_change_of_one_day_leaves_older_periods_alone(ctx: Context) -> None:
    ctx = busy(ctx)
    service.generate(ctx, ["daily"])

    fresh(ctx, date(2026, 3, 10))

    dirty = {view.first for view in service.status(ctx, ["daily"]) if view.status == "dirty"}
    assert date(2026, 3, 10) in dirty
    assert date(2026, 2, 3) not in dirty


def test_somebody_merged_into_another_has_no_snapshots_of_their_own(ctx: Context) -> None:
    ctx = busy(ctx)
    service.generate(ctx, ["monthly"])
    ann, bob = (value(ctx, name, "monthly", "commits_count", date(2026, 2, 1)) for name in ("ann", "bob"))

    merged = History(ctx, version=2)
    merged.person("ann", identities=("ann", "bob"))
    service.refresh_dirty(merged.ingest(feeds=False))

    assert value(ctx, "ann", "monthly", "commits_count", date(2026, 2, 1)) == (ann or 0) + (bob or 0)
    assert service.history(ctx, "person", "bob", "monthly", "commits_count") == []


def test_the_period_that_is_not_over_is_marked_running_and_ends_final(ctx: Context) -> None:
    ctx = busy(ctx)
    service.generate(ctx, ["weekly"])
    running = [view for view in service.status(ctx, ["weekly"]) if view.status == "running"]

    later = replace(ctx, clock=lambda: NOW + timedelta(days=7))
    made = service.generate(later, ["weekly"])

    assert [view.first for view in running] == [date(2026, 3, 9)]
    assert made.periods == 2
    ended = next(view for view in service.status(later, ["weekly"]) if view.first == date(2026, 3, 9))
    assert ended.status == "final"


def test_a_change_during_a_generation_is_not_lost(ctx: Context) -> None:
    ctx = busy(ctx)
    service.generate(ctx, ["monthly"])
    changed = []

    def meanwhile(done: float, text: str) -> None:
        if not changed:
            changed.append(fresh(ctx, date(2026, 2, 3)))
            service.status(ctx)

    service.generate(ctx, ["monthly"], first=date(2026, 2, 1), progress=meanwhile)

    february = next(view for view in service.status(ctx, ["monthly"]) if view.first == date(2026, 2, 1))
    assert february.status == "dirty"


def test_other_definitions_make_every_period_due(ctx: Context) -> None:
    ctx = busy(ctx)
    service.generate(ctx, ["monthly"])

    with ctx.app.session() as session:
        session.execute(sa.update(SnapshotPeriod).values(definitions="older"))

    assert service.generate(ctx, ["monthly"]).periods == 2


def test_the_clock_puts_one_generation_on_the_queue_and_the_worker_does_it(house: House, ctx: Context) -> None:
    ctx = busy(ctx)
    assert isinstance(house.queue, InlineQueue)

    service.tick(house)
    service.tick(house)

    ((task, ids),) = house.queue.waiting
    assert task == "snapshots"
    service.run(house, *map(str, ids))
    assert rows(ctx) > 0
    assert [run.status for run in service.runs(ctx)] == ["success"]
    service.tick(house)
    assert len(house.queue.waiting) == 1


def test_two_generations_at_once_are_refused(ctx: Context) -> None:
    ctx = busy(ctx)
    service.request(ctx)

    with pytest.raises(Conflict, match="generated already"):
        service.generate(ctx)


def test_days_lie_in_the_workspace_zone(house: House) -> None:
    workspace = workspaces.create(house.app, name="Tokyo", time_zone="Asia/Tokyo", now=NOW)
    history = History(house.context(workspace))
    history.person("ann")
    history.commit("ann", "2026-02-03 16:00", offset=540)
    ctx = history.ingest()

    service.generate(ctx, ["daily"], first=date(2026, 2, 1), last=date(2026, 2, 10))

    history_of_ann = service.history(ctx, "person", "ann", "daily", "commits_count")
    assert [point.first for point in history_of_ann if point.value] == [date(2026, 2, 4)]


def test_another_workspace_keeps_its_own(house: House, ctx: Context) -> None:
    busy(ctx)
    other = house.context(workspaces.create(house.app, name="Other", now=NOW))

    assert service.generate(other).rows == 0
    assert service.status(other) == []


def test_an_empty_workspace_has_nothing_to_make(ctx: Context) -> None:
    assert service.generate(ctx).periods == 0
    assert service.refresh_dirty(ctx) is None


def test_who_may_not_see_individuals_gets_no_history(ctx: Context) -> None:
    ctx = busy(ctx)
    closed = replace(ctx, workspace=replace(ctx.workspace, individuals="managers"))
    viewer = closed.as_actor(Actor("u", "Vi", "viewer", ROLES["viewer"]))

    with pytest.raises(NotAllowed):
        service.history(viewer, "person", "ann", "weekly", "commits_count")
    with pytest.raises(NotAllowed):
        service.generate(viewer)


def test_the_history_of_a_team_of_one_is_an_individuals(ctx: Context) -> None:
    history = History(ctx)
    for name in ("ann", "bob"):
        history.person(name)
        history.member(name, "red")
        history.commit(name, "2026-03-03 09:00")
    history.member("ann", "green")
    ctx = history.ingest()
    service.generate(ctx, ["monthly"])
    closed = replace(ctx, workspace=replace(ctx.workspace, individuals="managers"))
    viewer = closed.as_actor(Actor("u1", "Vera", "viewer", ROLES["viewer"]))

    assert service.history(viewer, "team", "red", "monthly", "commits_count")
    with pytest.raises(NotAllowed, match="one member"):
        service.history(viewer, "team", "green", "monthly", "commits_count")


def test_a_wrong_kind_is_told_with_the_nearest(ctx: Context) -> None:
    with pytest.raises(BadInput, match="Did you mean 'weekly'"):
        service.generate(ctx, ["weekley"])


def value(ctx: Context, person: str, kind: str, metric: str, start: date) -> float | None:
    points = service.history(ctx, "person", person, kind, metric)
    return next((point.value for point in points if point.first == start), None)


def repo_of(ctx: Context) -> str:
    with ctx.app.reading() as session:
        found = session.scalar(
            sa.select(Repository.id).where(Repository.workspace_id == ctx.workspace.id, Repository.name == "app")
        )
    assert found
    return found


def fresh(ctx: Context, day: date | None = None) -> Context:
    """The same context after facts of one day changed; of all days without one."""
    with ctx.app.session() as session:
        workspaces.data_changed(session, ctx.workspace.id, ctx.clock(), "import", day, day)
    return replace(ctx, workspace=workspaces.find(ctx.app, ctx.workspace.id))
