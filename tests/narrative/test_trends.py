"""Which way a course goes: of days weekday against weekday, of whole ones alone, and never by one odd week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.figures import Axis, Better, Figure, Line, Provenance, Series, Stat, Unit
from core.narrative.grounding import check
from core.narrative.reading import read
from core.narrative.telling import told
from core.narrative.trends import Point, trend_of_days, way_of

MONDAY = date(2026, 1, 5)
WEEK = [10.0, 12, 11, 12, 9, 1, 2]
"""What Monday to Sunday have where nothing but the weekday counts."""


def days(*weeks: Sequence[float | None]) -> list[Point]:
    """Weeks from Monday on; None is a day that was not measured."""
    values = [value for week in weeks for value in week]
    return [(MONDAY + timedelta(days=place), value) for place, value in enumerate(values) if value is not None]


def times(*factors: float) -> list[list[float]]:
    return [[value * factor for value in WEEK] for factor in factors]


def test_each_weekday_that_rises_from_week_to_week_is_a_rise() -> None:
    # Each weekday has 1, 2, 3, 4: score 6, variance 4·3·13/18 = 8.67. Of seven: 42 and 60.67; (42 − 1) / 7.79 = 5.26.
    # Without a week each has three in order: (21 − 1) / √25.67 = 3.95. The median step is 1 a week.
    assert trend_of_days(days([1] * 7, [2] * 7, [3] * 7, [4] * 7)) == 1
    assert trend_of_days(days([4] * 7, [3] * 7, [2] * 7, [1] * 7)) == -1


def test_a_pattern_of_weekdays_is_no_trend_and_does_not_hide_one() -> None:
    assert trend_of_days(days(*times(1, 1, 1, 1))) == 0
    assert trend_of_days(days(*times(1, 1.2, 1.4, 1.6, 1.8))) == 1
    assert trend_of_days(days(*times(1, 1.2, 1.4, 1.6), [17])) == 1, "the week that has begun counts for its Monday"
    assert trend_of_days([(day, 5.0) for day, _ in days(*times(1, 1, 1, 1))]) == 0


def test_values_that_come_twice_make_the_test_stricter_by_what_they_cannot_say() -> None:
    # Weekdays with 1, 1, 2, 3: score 5, variance (4·3·13 − 2·1·9) / 18 = 7.67. Three of them, and four that stay
    # (0 and 0): (15 − 1) / √23 = 2.92, but the median step is that of the four, which is none.
    three = [[one] * 3 + [7] * 4 for one in (1, 1, 2, 3)]
    # Of five: (25 − 1) / √38.33 = 3.88. Least without the last week: 1, 1, 2 has score 2 and variance
    # (3·2·11 − 18) / 18 = 2.67; (10 − 1) / √13.33 = 2.46.
    five = [[one] * 5 + [7] * 2 for one in (1, 1, 2, 3)]

    assert trend_of_days(days(*three)) == 0
    assert trend_of_days(days(*five)) == 1


def test_one_odd_day_or_week_is_no_trend() -> None:
    odd_day = times(1, 1, 1, 1)
    odd_day[3][2] = 400.0

    assert trend_of_days(days(*odd_day)) == 0
    # Each weekday x, x, x, 2x: score 3, variance (156 − 3·2·11) / 18 = 5; (21 − 1) / √35 = 3.38, all of it by one week.
    assert trend_of_days(days(*times(1, 1, 1, 2))) == 0
    assert trend_of_days(days(*times(0.2, 1, 1, 1))) == 0


def test_a_day_that_was_not_measured_is_left_out_and_is_no_zero() -> None:
    rising: list[list[float | None]] = [[value * by for value in WEEK] for by in (1, 1.2, 1.4, 1.6)]
    for week, day in ((0, 1), (1, 4), (2, 0), (3, 2), (3, 3)):
        rising[week][day] = None
    flat: list[list[float | None]] = [[*week] for week in times(1, 1, 1, 1)]
    flat[3][:4] = [None] * 4

    assert trend_of_days(days(*rising)) == 1
    assert trend_of_days(days(*flat)) == 0


def test_of_too_few_days_nothing_is_told() -> None:
    rising = days(*times(1, 2, 3, 4))

    assert trend_of_days(rising[:27]) is None
    assert trend_of_days(rising) == 1
    assert trend_of_days([*rising[:12], rising[-1]]) is None, "13 of 28 days were measured"
    assert way_of(rising[:7]) is None
    assert way_of([]) is None


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Europe/Berlin")], ids=str)
def test_weekdays_stay_weekdays_where_the_clock_changes(zone: ZoneInfo) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 3, 9, tzinfo=berlin)  # four weeks, with the short day of 29 March
    moments = [(first + timedelta(days=place)).astimezone(zone) for place in range(28)]

    def course(*factors: float) -> list[int | None]:
        figure = by_day(moments, [value for week in times(*factors) for value in week])
        return [one.trend for one in read([figure]).courses]

    assert course(1, 1, 1, 1) == [0]
    assert course(1, 1.2, 1.4, 1.6) == [1]


def by_day(moments: Sequence[date], y: Sequence[float | None], better: Better = Better.HIGHER) -> Series:
    return Series(
        key="a", title="Commits", x=Axis(kind="temporal", label="Day"), y=Axis(label="Commits", unit=Unit.COUNT),
        lines=[Line(name="This period", x=list(moments), y=list(y))], better=better,
    )  # fmt: skip


def by_week(values: list[float | None], **more: object) -> Series:
    weeks = [MONDAY + timedelta(weeks=place) for place in range(len(values))]
    return by_day(weeks, values).model_copy(update={"x": Axis(kind="temporal", label="Week"), **more})


def card(values: list[float | None], better: Better = Better.HIGHER, partial: Sequence[str] = ()) -> Stat:
    labels = [(MONDAY + timedelta(weeks=place)).isoformat() for place in range(len(values))]
    return Stat(
        key="b", title="Commits", value=7, text="7", unit=Unit.COUNT, better=better, n=7, spark=values,
        spark_labels=labels, spark_partial=list(partial),
    )  # fmt: skip


def said(*figures: Figure) -> list[str]:
    facts = read(list(figures), "5 Jan 2026 – 1 Feb 2026")
    sentences = [one.text for one in told(facts, ("trends",))]
    assert {text: check(text, facts).reason for text in sentences} == dict.fromkeys(sentences, "")
    return sentences


def test_a_week_day_by_day_is_no_fall_because_it_ends_with_a_weekend() -> None:
    week = by_day([day for day, _ in days(WEEK)], WEEK)

    assert said(week) == ["There are too few points for a trend in Commits."]


def test_days_that_rise_are_told_without_a_monday_beside_a_sunday() -> None:
    points = days(*times(1, 1.5, 2, 3))

    assert said(by_day([day for day, _ in points], [value for _, value in points])) == [
        "Commits rose over the days shown, weekday against weekday, which is better."
    ]


def test_of_few_weeks_their_days_tell_how_they_go() -> None:
    weeks = [57.0, 60, 68, 77, None]

    assert said(by_week(weeks)) == ["There are too few points for a trend in Commits."]
    assert said(by_week(weeks, course="up", better=Better.LOWER)) == [
        "Commits rose over the weeks shown, from 57 (week of 5 Jan 2026) to 77 (week of 26 Jan 2026), which is worse."
    ]
    assert said(by_week(weeks, course="level")) == ["No clear trend shows in Commits."]


def test_a_cards_history_is_told_where_the_period_is_too_short() -> None:
    past = card([5, 6, 7, 8, 9, 10, 11, 2], partial=["2026-02-23"])

    assert said(past, by_week([60, 61, 60])) == [
        "The trend in Commits is up: from 5 (week of 5 Jan 2026) to 11 (week of 16 Feb 2026), which is better."
    ]
    assert said(past, by_week([60, 61, 60], course="down")) == ["Commits fell over the weeks shown, which is worse."]
    assert said(past, by_week([60, 61, 60], course="level"))[0].startswith("The trend in Commits is up")
    assert said(card([5, 6, 7])) == ["There are too few points for a trend in Commits."]


def test_a_point_that_holds_only_a_part_bends_no_trend() -> None:
    bent = [1.0, 2, 3, 4, 5, 6, 0.5]

    assert said(by_week(list(bent), partial=[date(2026, 2, 16)])) == [
        "Commits rose over the weeks shown, from 1 (week of 5 Jan 2026) to 6 (week of 9 Feb 2026), which is better."
    ]


def test_half_a_year_that_is_drawn_to_show_one_week_is_no_trend_of_the_report() -> None:
    drawn = by_week([1, 2, 3, 4, 5, 6, 7, 30], provenance=[Provenance(block="anomalies.history")])
    facts = read([drawn], "5 Jan 2026 – 1 Feb 2026")

    assert told(facts) == []
    assert not check("Commits rose over the weeks shown.", facts).holds
    assert check("In the week of 23 Feb 2026, Commits stood at 30.", facts).holds


def test_many_without_a_trend_are_not_all_named() -> None:
    cards = [
        card([5, 9, 4, 8, 5, 9, 4]).model_copy(update={"key": name, "title": f"Metric {name}"}) for name in "ABCDEFGH"
    ]

    sentence = told(read(cards), ("trends",))[0]

    assert sentence.text == "No clear trend shows in Metric A, Metric B, Metric C, Metric D, Metric E and 3 more."
    assert len(sentence.grounds) == 8


def test_a_trend_is_called_better_only_as_the_metric_has_it() -> None:
    facts = read([by_week([1, 2, 3, 4, 5, 6], better=Better.LOWER)], "5 Jan 2026 – 1 Feb 2026")

    assert check("Commits rose over the weeks shown, which is worse.", facts).holds
    assert not check("Commits rose over the weeks shown, which is better.", facts).holds
    assert said(by_week([1, 2, 3, 4, 5, 6], better=Better.NEITHER)) == [
        "Commits rose over the weeks shown, from 1 (week of 5 Jan 2026) to 6 (week of 9 Feb 2026)."
    ]


def test_where_the_past_goes_another_way_only_the_periods_way_is_borne_out() -> None:
    facts = read([card([11, 10, 9, 8, 7, 6]), by_week([1, 2, 3, 4, 5, 6])], "5 Jan 2026 – 1 Feb 2026")

    assert check("Commits rose over the weeks shown.", facts).holds
    assert not check("Commits fell over the weeks shown.", facts).holds
