"""Each wall-clock time of a schedule comes once, in every zone and on every day of the year."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from core.base.errors import BadInput
from core.schedules.cron import Cron

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "Asia/Kathmandu",  # +05:45, no change
    "Africa/Cairo",  # changes at midnight
    "America/Santiago",  # changes at midnight too
    "Pacific/Apia",
    "Asia/Tehran",
    "Africa/Casablanca",  # goes back for Ramadan
    "Atlantic/Azores",
    "Pacific/Chatham",  # +12:45 / +13:45
)


def local(fires: list[datetime], zone: str) -> list[str]:
    return [f"{fire.astimezone(ZoneInfo(zone)):%m-%d %H:%M%z}" for fire in fires]


def on(zone: str, day: date) -> tuple[datetime, datetime]:
    """The local day as UTC instants."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    after = day + timedelta(days=1)
    return start.astimezone(UTC), datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "comes"),
    [
        # The hour that does not exist: once, at the next instant that does.
        ("Europe/Berlin", date(2026, 3, 29), "30 2", "03-29 03:00+0200"),
        ("America/New_York", date(2026, 3, 8), "30 2", "03-08 03:00-0400"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "15 2", "10-04 02:30+1100"),
        ("Africa/Cairo", date(2026, 4, 24), "30 0", "04-24 01:00+0300"),
        ("America/Santiago", date(2026, 9, 6), "0 0", "09-06 01:00-0300"),
        # The hour that comes twice: once, at its first showing.
        ("Europe/Berlin", date(2026, 10, 25), "30 2", "10-25 02:30+0200"),
        ("America/New_York", date(2026, 11, 1), "30 1", "11-01 01:30-0400"),
        ("Australia/Lord_Howe", date(2026, 4, 5), "45 1", "04-05 01:45+1100"),
        ("Africa/Cairo", date(2026, 10, 29), "30 23", "10-29 23:30+0300"),
        # A zone whose clock never changes.
        ("Asia/Kathmandu", date(2026, 3, 29), "30 2", "03-29 02:30+0545"),
    ],
)
def test_a_clock_change_gives_one_run(zone, day, at, comes):
    start, end = on(zone, day)

    fires = Cron(f"{at} * * *", zone).within(start, end)

    assert local(fires, zone) == [comes]


@pytest.mark.parametrize("zone", ZONES)
def test_a_daily_schedule_comes_once_every_day_of_two_years(zone):
    for clock in ("30 2", "0 0", "59 23", "0 1", "0 9"):
        fires = Cron(f"{clock} * * *", zone).within(datetime(2025, 1, 2, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC))
        gaps = {later - fire for fire, later in pairwise(fires)}

        days = Counter(fire.astimezone(ZoneInfo(zone)).date() for fire in fires)
        assert set(days.values()) == {1}, (zone, clock)
        assert len(days) in (730, 731)
        assert all(timedelta(hours=22) <= gap <= timedelta(hours=26) for gap in gaps)


def test_times_that_fall_into_one_gap_come_once():
    start, end = on("Europe/Berlin", date(2026, 3, 29))

    fires = Cron("*/15 2-3 * * *", "Europe/Berlin").within(start, end)

    assert local(fires, "Europe/Berlin") == [
        "03-29 03:00+0200", "03-29 03:15+0200", "03-29 03:30+0200", "03-29 03:45+0200",
    ]  # fmt: skip


def test_a_day_that_a_zone_never_had_comes_at_the_next_instant():
    """Samoa went from 29 to 31 December 2011."""
    fires = Cron("0 9 30 12 *", "Pacific/Apia").upcoming(datetime(2011, 12, 1, tzinfo=UTC), 1)

    assert local(fires, "Pacific/Apia") == ["12-31 00:00+1400"]


@pytest.mark.parametrize(
    ("day", "comes"),
    [
        (31, ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30"]),
        (30, ["01-30", "02-28", "03-30", "04-30", "05-30", "06-30"]),
        (29, ["01-29", "02-28", "03-29", "04-29", "05-29", "06-29"]),
        (28, ["01-28", "02-28", "03-28", "04-28", "05-28", "06-28"]),
    ],
)
def test_a_late_day_falls_to_the_last_day_of_shorter_months(day, comes):
    fires = Cron(f"0 9 {day} * *", "Europe/Berlin").upcoming(datetime(2026, 1, 1, tzinfo=UTC), 6)

    assert [f"{fire:%m-%d}" for fire in fires] == comes


def test_the_29th_of_february_is_kept_in_leap_years():
    fires = Cron("0 9 30 2 *", "UTC").upcoming(datetime(2027, 1, 1, tzinfo=UTC), 2)

    assert [f"{fire:%Y-%m-%d}" for fire in fires] == ["2027-02-28", "2028-02-29"]


@pytest.mark.parametrize(
    ("cron", "sentence"),
    [
        ("banana", "has 1 field, not five"),
        ("0 9 * *", "has 4 fields, not five"),
        ("0 0 9 * * 1", "has 6 fields, not five"),
        ("0 25 * * *", "bad hour"),
        ("61 9 * * *", "bad minute"),
        ("0 9 * * FUNDAY", "bad day-of-week"),
        ("0 9 30-31 2 *", "bad day-of-month"),
    ],
)
def test_a_bad_expression_says_what_is_wrong(cron, sentence):
    with pytest.raises(BadInput, match=sentence):
        Cron(cron).check()


def test_an_unknown_zone_is_refused():
    with pytest.raises(BadInput, match="no time zone named 'Europe/Berlni'"):
        Cron("0 9 * * 1", "Europe/Berlni").check()


FIELDS = st.tuples(
    st.sampled_from(["0", "30", "*/15", "5,35", "59"]),
    st.sampled_from(["0", "1", "2", "3", "23", "*", "*/6", "1-3", "0,2"]),
    st.sampled_from(["*", "1", "29", "31", "L", "1,15"]),
    st.sampled_from(["*", "3", "10", "*/3"]),
    st.sampled_from(["*", "0", "1-5", "SUN"]),
)


@examples(max_examples=60, deadline=None)
@given(FIELDS, st.sampled_from(ZONES), st.integers(0, 6 * 365 * 24 * 60))
def test_fires_move_forward_and_do_not_depend_on_where_one_starts_to_look(fields, zone, minutes):
    cron, start = Cron(" ".join(fields), zone), datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    fires = cron.upcoming(start, 6)

    assert fires == sorted(set(fires)) and fires[0] > start
    assert cron.upcoming(fires[0], 5) == fires[1:]
    assert cron.next(fires[0] - timedelta(seconds=1)) == fires[0]
