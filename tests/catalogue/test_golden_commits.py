"""Commit metrics over small histories whose answers are worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.base.period import between
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import State
from tests.catalogue.factories import WEEK, History, answered


@pytest.fixture
def week(ctx: Context) -> Context:
    """Ann: three commits on Monday, one on Tuesday and one on Saturday night. Bob: one commit on Friday."""
    history = History(ctx)
    history.person("ann")
    history.person("bob")
    history.commit("ann", "2026-03-02 09:00", additions=100, deletions=20)
    history.commit("ann", "2026-03-02 11:30", additions=10, deletions=0, generated_additions=900, repo="web")
    history.commit("ann", "2026-03-02 12:00", additions=1, deletions=1)
    history.commit("ann", "2026-03-03 08:00", additions=9, deletions=19)
    history.commit("ann", "2026-03-07 23:10", additions=0, deletions=0)
    history.merge("ann", "2026-03-04 10:00")
    history.commit("bob", "2026-03-06 10:00", additions=5, deletions=5)
    return history.ingest()


def test_commits_count_leaves_merges_out(week: Context) -> None:
    value = answered(week, "commits_count", person="ann")

    assert (value.value, value.n, value.excluded, value.state) == (5, 5, {"merges": 1}, State.MEASURED)


def test_lines_added_removed_and_net_leave_generated_lines_out(week: Context) -> None:
    added = answered(week, "lines_added", person="ann")

    assert added.value == 100 + 10 + 1 + 9
    assert added.excluded == {"merges": 1, "generated lines": 900}
    assert answered(week, "lines_removed", person="ann").value == 20 + 1 + 19
    assert answered(week, "net_lines", person="ann").value == 120 - 40


def test_generated_lines_count_when_the_scope_includes_them(week: Context) -> None:
    value = answered(week, "lines_added", replace(WEEK, include_generated=True), "ann")

    assert value.value == 120 + 900
    assert "generated lines" not in value.excluded


def test_avg_commit_size_is_lines_per_commit(week: Context) -> None:
    value = answered(week, "avg_commit_size", person="ann")

    assert value.value == pytest.approx(160 / 5)
    assert (value.numerator, value.denominator, value.n) == (160, 5, 5)


def test_commit_frequency_is_commits_per_working_day(week: Context) -> None:
    value = answered(week, "commit_frequency", person="ann")

    assert value.value == pytest.approx(5 / 5)
    assert (value.numerator, value.denominator) == (5, 5)


def test_commit_frequency_leaves_weekends_leave_and_future_days_out(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann", weekdays=(1, 2, 3, 4))
    history.off("ann", "2026-03-03", "2026-03-07")
    history.commit("ann", "2026-03-02 09:00")
    history.commit("ann", "2026-03-04 09:00")
    history.commit("ann", "2026-03-10 09:00")
    ctx = history.ingest()

    # Monday, Wednesday and Thursday: Tuesday is leave, Friday is no working day of hers.
    assert answered(ctx, "commit_frequency", person="ann").value == pytest.approx(2 / 3)
    # Of the second week only Monday to Wednesday have come.
    two_weeks = Scope(between(date(2026, 3, 2), date(2026, 3, 15)))
    assert answered(ctx, "commit_frequency", two_weeks, "ann").value == pytest.approx(3 / (3 + 3))


def test_commit_frequency_does_not_count_days_of_people_who_left(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.commit("ann", "2025-01-06 09:00")
    ctx = history.ingest()

    assert answered(ctx, "commit_frequency").state is State.NO_DATA


def test_weekends_and_nights_are_those_of_the_authors_clock(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-06 20:00", offset=330)  # Saturday 01:30 in India: weekend and night
    history.commit("ann", "2026-03-08 23:30", offset=330)  # Monday 05:00 there: night
    history.commit("ann", "2026-03-07 01:00", offset=-480)  # Friday 17:00 on the Pacific coast: neither
    history.commit("ann", "2026-03-04 12:00", offset=0)
    ctx = history.ingest()

    assert answered(ctx, "weekend_commit_ratio").value == pytest.approx(1 / 4)
    assert answered(ctx, "late_night_commit_ratio").value == pytest.approx(2 / 4)


def test_a_weekend_is_that_of_the_persons_schedule(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann", weekdays=(7, 1, 2, 3, 4))
    history.commit("ann", "2026-03-06 09:00")  # Friday
    history.commit("ann", "2026-03-08 09:00")  # Sunday
    history.commit("bob", "2026-03-08 09:00")
    ctx = history.ingest()

    assert answered(ctx, "weekend_commit_ratio", person="ann").value == pytest.approx(1 / 2)
    assert answered(ctx, "weekend_commit_ratio").value == pytest.approx(2 / 3)


def test_the_night_ends_at_six_and_begins_at_ten(ctx: Context) -> None:
    history = History(ctx)
    for when in ("05:59", "06:00", "21:59", "22:00"):
        history.commit("ann", f"2026-03-04 {when}")
    ctx = history.ingest()

    assert answered(ctx, "late_night_commit_ratio").value == pytest.approx(2 / 4)


def test_longest_streak_counts_consecutive_local_dates_of_one_person(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    for day in ("02", "03", "06", "07", "08"):
        history.commit("ann", f"2026-03-{day} 09:00")
    history.commit("ann", "2026-03-04 23:00", offset=120)  # already the 5th there: 2–3, then 5–8
    history.commit("bob", "2026-03-04 09:00")
    ctx = history.ingest()

    assert answered(ctx, "longest_streak_days", person="ann").value == 4
    assert answered(ctx, "longest_streak_days", person="ann").n == 6
    assert answered(ctx, "longest_streak_days").value == 4


def test_a_streak_is_cut_at_the_edges_of_the_period(ctx: Context) -> None:
    history = History(ctx)
    for day in range(1, 12):
        history.commit("ann", f"2026-03-{day:02} 09:00")
    ctx = history.ingest()

    assert answered(ctx, "longest_streak_days").value == 7


def test_avg_daily_active_hours_counts_a_day_of_one_commit_as_zero_and_tells_it(week: Context) -> None:
    value = answered(week, "avg_daily_active_hours", person="ann")

    # Monday 09:00 to 12:00 is 3 h; Tuesday and Saturday have one commit each.
    assert value.value == pytest.approx(3 / 3)
    assert value.n == 3
    assert value.asides == {"days with one commit": 2}


def test_active_days_are_distinct_dates(week: Context) -> None:
    assert answered(week, "active_days", person="ann").value == 3
    assert answered(week, "active_days").value == 4


def test_focus_score_is_the_sum_of_squared_shares(week: Context) -> None:
    # Ann: four commits in app, one in web.
    assert answered(week, "focus_score", person="ann").value == pytest.approx((4 / 5) ** 2 + (1 / 5) ** 2)
    assert answered(week, "focus_score", person="bob").value == 1


def test_files_changed_leaves_generated_files_out(ctx: Context) -> None:
    history = History(ctx)
    for path, generated in (("a.py", 0), ("b.py", 0), ("uv.lock", 1)):
        history.file("ann", "2026-03-03 09:00", path, generated=generated)
    ctx = history.ingest()

    value = answered(ctx, "files_changed")
    assert (value.value, value.excluded) == (2, {"generated files": 1})
    assert answered(ctx, "files_changed", replace(WEEK, include_generated=True)).value == 3


def test_active_people_are_those_who_did_anything(ctx: Context) -> None:
    history = History(ctx)
    history.person("robot", is_bot=True)
    history.commit("ann", "2026-03-03 09:00")
    history.commit("robot", "2026-03-03 09:00")
    history.pr("bob", 1, opened="2026-03-04 09:00")
    history.review("cleo", 1, "2026-03-04 10:00")
    history.merge("dan", "2026-03-03 09:00")
    ctx = history.ingest()

    assert answered(ctx, "active_people").value == 3
