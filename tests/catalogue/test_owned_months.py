"""Months of owned lines that the store keeps: they change no answer, and follow the data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from core.base.period import Period, between
from core.catalogue import answers, code, owned
from core.catalogue.code import Place
from core.catalogue.scope import Scope
from core.catalogue.service import measure
from core.context import Context
from tests.catalogue.factories import WEEK, History, fresh

BEGUN = datetime(2019, 1, 1, tzinfo=UTC)
PERIODS = (
    between(date(2026, 3, 2), date(2026, 3, 8)),
    between(date(2025, 3, 1), date(2025, 3, 31)),  # ends with a month
    between(date(2026, 1, 5), date(2026, 4, 30)),  # ends in the future
    Period(datetime(2024, 2, 29, 10, 30, tzinfo=UTC), datetime(2025, 7, 9, 1, 2, 3, tzinfo=UTC)),
    between(date(2020, 1, 1), date(2025, 12, 31), "Asia/Tokyo"),
    None,
)


def drawn(ctx: Context) -> History:
    """Seven years of two repositories, of one of which a clone tells what is there; some rows lie in the future."""
    history, draw = History(ctx), Random(4)
    for name in ("ann", "bob", "cleo", "dan"):
        history.person(name, identities=(name, f"{name}-too"))
        history.member(name, "red" if name < "c" else "blue")
    history.person("robot", is_bot=True)
    for _ in range(400):
        when = BEGUN + timedelta(seconds=draw.randrange(int(timedelta(days=7.3 * 365).total_seconds())))
        history.file(
            draw.choice(("ann", "ann-too", "bob", "cleo", "dan", "dan-too", "robot", "nobody")),
            f"{when:%Y-%m-%d %H:%M:%S}", f"src/{draw.choice('abcdef')}.py", repo=draw.choice(("app", "web")),
            additions=draw.randrange(60), generated=int(draw.random() < 0.1),
        )  # fmt: skip
    for month in ("2026-02-01 00:00:00", "2026-03-01 00:00:00", "2026-01-31 23:59:59"):
        history.file("ann", month, "src/a.py", additions=33)
    history.tree("src/a.py")
    history.tree("src/z.py", former=["src/b.py"])
    return history


def told(ctx: Context, history: History) -> list[Any]:
    """Answers about owned lines, narrowed and grouped in all the ways there are."""
    answers._answers.clear()
    found: list[Any] = []
    for place, period in enumerate(PERIODS):
        scope = Scope(period, time_zone="Asia/Tokyo" if place == 4 else "UTC")
        scopes = [scope]
        if place in (0, 3):
            scopes += [replace(scope, team_ids=("red",)), replace(scope, repo_ids=(history.repos["app"],))]
            scopes += [replace(scope, include_bots=True), replace(scope, include_generated=True)]
            scopes += [replace(scope, folder="src/a.py"), replace(scope, as_one=("ann", "cleo"))]
        found += [value for one in scopes for value in _values(ctx, one)] + _values(ctx, scope, "team")
    rows = [row for period in (PERIODS[0], PERIODS[3]) for row in code.owned(ctx, Scope(period), Place()).rows]
    found += [(row.name, pytest.approx(row.weight, rel=1e-9), row.bus_factor, row.last_at) for row in rows]
    return found + [(owner.person, pytest.approx(owner.share, rel=1e-9)) for row in rows for owner in row.owners]


def _values(ctx: Context, scope: Scope, *by: str) -> list[tuple[Any, ...]]:
    found = measure(ctx, ["bus_factor"], scope, by)
    return sorted((value.group, value.value, value.n) for value in found.values)


def test_months_change_no_answer(ctx: Context, monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> None:
    history = drawn(ctx)
    ctx = history.ingest()
    plain = told(ctx, history)
    assert not any("owned_months" in sql for sql in asked)

    monkeypatch.setattr(owned, "MANY", 1)
    owned._is_large.cache_clear()

    assert told(ctx, history) == plain
    assert len({str(one) for one in plain}) > 20 and any("FROM owned_months" in sql for sql in asked)


def test_months_follow_the_data_and_old_ones_go(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owned, "MANY", 1)
    history = History(ctx)
    history.file("ann", "2025-06-02 09:00", "a.py", additions=10)
    ctx = history.ingest()
    assert [row.people for row in code.owned(ctx, WEEK, Place()).rows] == [1]

    later = History(ctx, version=2, repos=history.repos)
    later.file("bob", "2025-06-03 09:00", "a.py", additions=90)
    ctx = later.ingest()
    assert [row.people for row in code.owned(ctx, WEEK, Place()).rows] == [2]

    for _ in range(4):
        ctx = fresh(ctx)
        assert owned.keep(ctx) and owned.keep(ctx)
    now, mine = ctx.workspace.data_version, {"workspace": ctx.workspace.id}
    for table in ("owned_months", "owned_months_kept"):
        sql = f"SELECT DISTINCT data_version FROM {table} WHERE workspace_id = {{workspace:String}} ORDER BY 1"
        assert [row["data_version"] for row in ctx.metrics.rows(sql, mine)] == [now - 2, now - 1, now]
