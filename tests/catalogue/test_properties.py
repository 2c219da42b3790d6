"""What must hold of any history: parts add up to the whole, and neither order, repetition nor undone merges matter."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import workspaces
from core.base.period import between
from core.bootstrap import House
from core.catalogue import METRICS
from core.catalogue.facts import fact
from core.catalogue.metric import Mean, Parts, Rate, Ratio, Sum, roll_up
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, measure
from core.context import Context
from tests.catalogue.factories import History, fresh, who

FIRST = date(2026, 2, 2)
MONTH = Scope(between(FIRST, date(2026, 3, 1), "Europe/Berlin"), time_zone="Europe/Berlin")
"""Four whole weeks from a Monday."""
WEEKS = [(FIRST + timedelta(days=7 * week)).isoformat() for week in range(4)]
PEOPLE = ("ann", "bob", "cleo", "robot")
ADDITIVE = [metric for metric in METRICS if isinstance(metric.kind, Sum | Ratio | Rate | Mean)]
OF_PEOPLE = [metric.key for metric in METRICS if "person" in fact(metric.fact).axes]

_names = (f"w{number}" for number in count())
few = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.fixture
def made(house: House) -> Iterator[Any]:
    """`made(seed)` is a workspace of its own with a history drawn from the seed."""

    def make(seed: int) -> History:
        workspace = workspaces.create(house.app, name=f"{next(_names)}-{seed}", now=house.clock())
        return drawn(house.context(workspace), random.Random(seed))

    yield make


def drawn(ctx: Context, draw: random.Random) -> History:
    """Four weeks and a margin of commits, pull requests, reviews and deployments of three people and a bot."""
    history = History(ctx)
    for name in PEOPLE:
        history.person(name, is_bot=name == "robot", weekdays=draw.choice([None, (1, 2, 3, 4)]))
    history.member("ann", "red")
    history.member("bob", "blue", since="2026-02-12")
    history.off("ann", "2026-02-10")

    def when(first: int = -10, last: int = 40) -> str:
        minutes = draw.randrange(first * 1440, last * 1440)
        return f"{midnight(0) + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"

    for _ in range(draw.randrange(5, 40)):
        helpers = history.ids(*draw.sample(PEOPLE, draw.randrange(3)))
        history.commit(
            draw.choice(PEOPLE), when(), repo=draw.choice(("app", "web")), offset=draw.choice((-480, 0, 60, 330)),
            additions=draw.randrange(50), co_author_ids=helpers, is_merge=int(draw.random() < 0.1),
        )  # fmt: skip
        path, author, repo = (
            draw.choice(("a.py", "src/b.py", "uv.lock")),
            draw.choice(PEOPLE),
            draw.choice(("app", "web")),
        )
        history.file(
            author, when(), path, repo=repo, additions=draw.randrange(50), generated=int(path == "uv.lock")
        )  # fmt: skip
        changed = when()
        history.line(
            author, changed, path, repo=repo, lines=draw.randrange(9), unknown=draw.randrange(2),
            previous=draw.choice(("", *PEOPLE)), written=changed,
        )  # fmt: skip
    if draw.random() < 0.5:
        history.tree("a.py", repo="web", lines=10, complexity=20)
    for number in range(1, draw.randrange(2, 12)):
        repo, opened = draw.choice(("app", "web")), draw.randrange(-5, 30)
        is_merged = draw.random() < 0.7
        history.pr(
            draw.choice(PEOPLE), number, repo=repo, first_commit=when(opened - 3, opened + 1),
            opened=when(opened, opened + 1), merged=when(opened + 1, opened + 8) if is_merged else None,
            closed=when(opened + 1, opened + 8) if draw.random() < 0.3 else None, merged_by=draw.choice(PEOPLE),
        )  # fmt: skip
        for _ in range(draw.randrange(4)):
            history.review(
                draw.choice(PEOPLE), number, when(opened, opened + 8), draw.choice(("approved", "changes_requested")),
                repo=repo, comments=draw.randrange(5),
            )  # fmt: skip
    for _ in range(draw.randrange(6)):
        history.deploy(when(), draw.choice(("success", "success", "failure", "cancelled")), failed=draw.randrange(2))
    for _ in range(draw.randrange(4)):
        history.incident(when(0, 20), when(20, 30))
    return history


def midnight(day: int) -> Any:
    assert MONTH.period
    return MONTH.period.start + timedelta(days=day)


def shape(answer: Measured) -> list[tuple[Any, ...]]:
    """All that an answer says, to be compared."""
    return [
        (v.metric, v.group, round(v.value, 9) if v.value is not None else None, v.n, v.state, v.excluded, v.asides)
        for v in answer.values
    ]


@few
@given(seed=st.integers(0, 10_000))
def test_weeks_roll_up_to_the_whole(made: Any, seed: int) -> None:
    ctx = made(seed).ingest()
    keys = [metric.key for metric in ADDITIVE]

    whole, weeks = measure(ctx, keys, MONTH), measure(ctx, keys, MONTH, ["week"])

    for metric in ADDITIVE:
        parts = [weeks.get(metric.key, week) for week in WEEKS]
        value, summed = roll_up(metric.kind, [Parts(p.numerator or 0, p.denominator or 0, p.n) for p in parts])
        found = whole.get(metric.key)
        assert summed.n == found.n, metric.key
        if found.n:
            assert found.value == pytest.approx(value), metric.key


@few
@given(seed=st.integers(0, 10_000))
def test_people_roll_up_to_the_whole(made: Any, seed: int) -> None:
    ctx = made(seed).ingest()
    metrics = [m for m in ADDITIVE if m.key in OF_PEOPLE and not isinstance(m.kind, Rate)]
    keys = [metric.key for metric in metrics]

    whole, people = measure(ctx, keys, MONTH), measure(ctx, keys, MONTH, ["person"])

    for metric in metrics:
        parts = list(people.of(metric.key))
        value, summed = roll_up(metric.kind, [Parts(p.numerator or 0, p.denominator or 0, p.n) for p in parts])
        found = whole.get(metric.key)
        assert summed.n == found.n, metric.key
        if found.n:
            assert found.value == pytest.approx(value), metric.key


@few
@given(seed=st.integers(0, 10_000))
def test_order_and_repetition_of_ingestion_change_nothing(made: Any, seed: int) -> None:
    history: History = made(seed)
    ctx = history.ingest()
    first = shape(measure(ctx, METRICS.keys(), MONTH)) + shape(measure(ctx, OF_PEOPLE, MONTH, ["person", "week"]))

    for table, rows in history.tables.items():
        random.Random(seed).shuffle(rows)
        ctx.metrics.insert_rows(table, rows)
        ctx.metrics.insert_rows(table, rows[: len(rows) // 2])
    ctx = fresh(ctx)

    assert first == shape(measure(ctx, METRICS.keys(), MONTH)) + shape(
        measure(ctx, OF_PEOPLE, MONTH, ["person", "week"])
    )


@few
@given(seed=st.integers(0, 10_000))
def test_a_merge_that_is_undone_gives_the_first_numbers_back(made: Any, seed: int) -> None:
    history: History = made(seed)
    ctx = history.ingest()
    first = shape(measure(ctx, OF_PEOPLE, MONTH, ["person"]))
    commits = measure(ctx, ["commits_count"], MONTH, ["person"])

    ctx = pointed(history, "bob", to="ann", version=2)
    merged = measure(ctx, ["commits_count"], MONTH, ["person"])
    both = (commits.get("commits_count", "ann").value or 0) + (commits.get("commits_count", "bob").value or 0)
    assert (merged.get("commits_count", "ann").value or 0) == both
    assert merged.get("commits_count", "bob").value is None

    ctx = pointed(history, "bob", to="bob", version=3)
    assert shape(measure(ctx, OF_PEOPLE, MONTH, ["person"])) == first


def pointed(history: History, name: str, *, to: str, version: int) -> Context:
    """Say whose identity `name` is from now on."""
    ctx = history.ctx
    row = {"workspace_id": ctx.workspace.id, "identity_id": who(name), "person_id": to, "is_bot": 0}
    ctx.metrics.insert_rows("identity_people", [row | {"version": version}])
    return fresh(ctx)


@few
@given(seed=st.integers(0, 10_000), split=st.integers(1, 27))
def test_two_pieces_of_a_period_add_up(made: Any, seed: int, split: int) -> None:
    ctx = made(seed).ingest()
    assert MONTH.period
    cut = between(FIRST, FIRST + timedelta(days=split - 1), MONTH.time_zone).end
    pieces = [
        replace(MONTH, period=replace(MONTH.period, end=cut)),
        replace(MONTH, period=replace(MONTH.period, start=cut)),
    ]
    sums = [metric.key for metric in ADDITIVE if isinstance(metric.kind, Sum)]

    whole = measure(ctx, sums, MONTH)
    parts = [measure(ctx, sums, piece) for piece in pieces]

    for key in sums:
        assert (whole.get(key).value or 0) == pytest.approx(sum(part.get(key).value or 0 for part in parts)), key
