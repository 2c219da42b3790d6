"""Periods are half-open, fall on local midnights, and know about clocks that change."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.errors import BadInput
from core.base.period import (
    Period,
    PeriodType,
    between,
    midnight,
    named,
    period_end,
    period_start,
    range_label,
    split,
    whole,
)

WEDNESDAY = datetime(2026, 3, 11, 12, tzinfo=UTC)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
kinds = st.sampled_from(list(PeriodType))


def test_the_last_instant_belongs_to_the_next_period() -> None:
    week = whole(PeriodType.WEEKLY, date(2026, 3, 11))

    assert week.start == datetime(2026, 3, 9, tzinfo=UTC)
    assert week.end not in week
    assert week.end - timedelta(microseconds=1) in week


def test_a_local_day_has_23_hours_when_the_clock_goes_forward() -> None:
    day = between(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin")

    assert day.end - day.start == timedelta(hours=23)


def test_a_day_without_midnight_starts_at_its_first_instant() -> None:
    # Beirut's clock jumps from 00:00 to 01:00 on 29 March 2026.
    assert midnight(date(2026, 3, 29), "Asia/Beirut") == datetime(2026, 3, 28, 22, tzinfo=UTC)


@given(kinds, days)
def test_every_day_lies_in_the_period_that_starts_for_it(kind: PeriodType, day: date) -> None:
    start = period_start(kind, day)

    assert start <= day < period_end(kind, start)
    assert period_start(kind, period_end(kind, start)) == period_end(kind, start)


@given(
    kinds, days, st.integers(0, 400), st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
)
def test_split_covers_without_gap_or_overlap(kind: PeriodType, first: date, length: int, tz: str) -> None:
    period = between(first, first + timedelta(days=length), tz)

    parts = list(split(period, kind, tz))

    assert parts[0].start <= period.start and period.end <= parts[-1].end
    assert all(a.end == b.start for a, b in itertools.pairwise(parts))


def test_the_previous_period_has_as_many_days_and_ends_where_this_one_starts() -> None:
    march = between(date(2026, 3, 1), date(2026, 3, 31), "Europe/Berlin")

    before = march.previous("Europe/Berlin")

    assert before.end == march.start
    assert before.dates("Europe/Berlin") == (date(2026, 1, 29), date(2026, 2, 28))


def test_the_year_before_29_february_is_28_february() -> None:
    leap = between(date(2024, 2, 29), date(2024, 2, 29))

    assert leap.year_before().dates() == (date(2023, 2, 28), date(2023, 2, 28))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("last_7_days", date(2026, 3, 4), date(2026, 3, 10)),
        ("last_30_days", date(2026, 2, 9), date(2026, 3, 10)),
        ("this_week", date(2026, 3, 9), date(2026, 3, 11)),
        ("last_week", date(2026, 3, 2), date(2026, 3, 8)),
        ("this_month", date(2026, 3, 1), date(2026, 3, 11)),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
        ("this_quarter", date(2026, 1, 1), date(2026, 3, 11)),
        ("last_quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("this_year", date(2026, 1, 1), date(2026, 3, 11)),
        ("2026-01-05..2026-01-09", date(2026, 1, 5), date(2026, 1, 9)),
        ("last_2_weeks", date(2026, 2, 23), date(2026, 3, 8)),
        ("rolling_2_weeks", date(2026, 2, 25), date(2026, 3, 10)),
        ("last_3_months", date(2025, 12, 1), date(2026, 2, 28)),
        ("rolling_3_months", date(2025, 12, 11), date(2026, 3, 10)),
        ("last_2_quarters", date(2025, 7, 1), date(2025, 12, 31)),
        ("rolling_1_quarters", date(2025, 12, 11), date(2026, 3, 10)),
    ],
)
def test_named_ranges(name: str, first: date, last: date) -> None:
    assert named(name, WEDNESDAY).dates() == (first, last)


def test_a_month_back_from_a_day_that_a_month_lacks_begins_with_its_last_day() -> None:
    assert named("rolling_1_months", datetime(2026, 3, 31, 9, tzinfo=UTC)).dates() == (
        date(2026, 2, 28),
        date(2026, 3, 30),
    )


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("last_week", "Last week"),
        ("last_1_days", "Yesterday"),
        ("last_45_days", "Last 45 days"),
        ("last_1_months", "Last month, a whole one"),
        ("last_3_quarters", "Last 3 quarters, whole ones"),
        ("rolling_6_weeks", "Last 6 weeks, up to yesterday"),
        ("2026-01-05..2026-01-09", "5 Jan 2026 – 9 Jan 2026"),
        ("somewhen", "somewhen"),
    ],
)
def test_a_range_has_a_name_for_people(name: str, label: str) -> None:
    assert range_label(name) == label


def test_today_is_the_readers_today() -> None:
    late = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)

    assert named("this_week", late, "Asia/Tokyo").dates("Asia/Tokyo")[1] == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("yesterdayish", "There is no range named 'yesterdayish'"),
        ("2026-02-30..2026-03-01", "is no range. Write 2026-01-01..2026-01-31"),
        ("2026-03-02..2026-03-01", "ends .* before it starts"),
        ("last_0_days", "There is no range"),
    ],
)
def test_a_bad_range_says_how_to_write_one(name: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        named(name, WEDNESDAY)


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(BadInput, match="no time zone named 'Mars/Base'"):
        midnight(date(2026, 1, 1), "Mars/Base")


def test_a_period_needs_a_zone_and_a_length() -> None:
    with pytest.raises(BadInput):
        Period(datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001
    with pytest.raises(BadInput):
        Period(WEDNESDAY, WEDNESDAY)


@pytest.mark.parametrize(
    "written", ["0001-01-01..2026-01-01", "2026-01-01..9999-12-31", "last_99999999999_days", "rolling_99999999_months"]
)
def test_days_that_no_store_could_read_are_refused_with_the_years_that_serve(written: str) -> None:
    with pytest.raises(BadInput, match="from 1900 to 2199"):
        named(written, WEDNESDAY)


def test_the_longest_period_still_has_one_before_it() -> None:
    longest = named("1900-01-01..2199-12-31", WEDNESDAY)

    assert longest.previous().end == longest.start
    assert longest.year_before().start.year == 1899
