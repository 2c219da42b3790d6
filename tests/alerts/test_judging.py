"""What fires and what does not, against numbers worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.alerts.judging import Point, Terms, judge
from core.base.period import PeriodType
from core.catalogue.usual import robust_z
from core.figures import State

MONDAY = date(2026, 3, 2)


def point(value: float | None, weeks_ago: int = 0, rows: int = 10, state: State = State.MEASURED) -> Point:
    first = MONDAY - timedelta(days=7 * weeks_ago)
    return Point(first, first + timedelta(days=7), value, rows, state, "" if value is not None else "Nothing.")


def past(*values: float | None) -> list[Point]:
    return [
        point(value, len(values) - place, state=State.MEASURED if value is not None else State.NO_DATA)
        for place, value in enumerate(values)
    ]


def commits(condition: str, threshold: float, **more: object) -> Terms:
    return Terms("commits_count", condition, threshold, **more)  # type: ignore[arg-type]


def test_a_limit_is_passed_and_not_only_reached() -> None:
    assert judge(commits("above", 10), point(11), []).fires
    assert not judge(commits("above", 10), point(10), []).fires
    assert judge(commits("below", 10), point(9), []).fires
    assert judge(commits("above", 10), point(11), []).sentence == "Commits: 11, above 10."


def test_a_change_is_held_against_the_period_before() -> None:
    verdict = judge(commits("change", 0.3), point(14), past(20, 10))

    assert verdict.fires
    assert verdict.compared == 10
    assert verdict.sentence == "Commits: 14, 40 % more than 10 in the week before."
    assert not judge(commits("change", 0.4), point(14), past(20, 10)).fires


def test_a_change_the_other_way_is_not_what_was_asked() -> None:
    assert not judge(commits("change", 0.3, direction="down"), point(14), past(10)).fires
    assert judge(commits("change", 0.3, direction="down"), point(5), past(10)).fires


def test_of_nothing_no_change_is_told() -> None:
    assert judge(commits("change", 0.3), point(14), past(0)).state == "thin"
    assert judge(commits("change", 0.3), point(14), past(10, None)).state == "thin"
    assert judge(commits("change", 0.3), point(14), []).state == "thin"


def test_a_day_is_held_against_the_same_weekday() -> None:
    days = [point(float(value), rows=1) for value in (10, 50, 50, 50, 50, 50, 50)]
    verdict = judge(commits("change", 0.3, period_type=PeriodType.DAILY), point(14), days)

    assert verdict.compared == 10
    assert "the same weekday a week before" in verdict.sentence


def test_a_robust_z_by_hand() -> None:
    # Median 11; distances 0 1 1 2 89 have the median 1; 1.4826 × 1 is the spread. (16 − 11) / 1.4826 = 3.37.
    usual, score = robust_z(16, [10, 9, 11, 12, 100])

    assert usual == 11
    assert score == pytest.approx(5 / 1.4826)


def test_where_most_of_the_past_is_one_value_the_mean_distance_is_the_spread() -> None:
    # Median 5, median distance 0, mean distance 4 / 8 = 0.5; 1.2533 × 0.5 is the spread.
    usual, score = robust_z(9, [5, 5, 5, 5, 5, 5, 3, 7])

    assert usual == 5
    assert score == pytest.approx(4 / (1.2533 * 0.5))


def test_an_outlier_is_both_far_and_unlikely() -> None:
    known = past(10, 11, 9, 10, 12, 8, 10, 11)  # median 10, distances 0 1 1 0 2 2 0 1, median 1
    far = judge(commits("outlier", 0.3), point(20), known)

    assert far.fires
    assert far.score == pytest.approx(10 / 1.4826)
    assert far.sentence == ("Commits: 20, 100 % more than the usual 10 (median of 8 earlier weeks, robust z +6.7).")
    assert not judge(commits("outlier", 0.3), point(14), known).fires  # far enough, and likely: z 2.7
    assert not judge(commits("outlier", 1.5), point(20), known).fires  # unlikely, and not far enough


def test_a_thin_history_flags_nothing_and_says_so() -> None:
    verdict = judge(commits("outlier", 0.3), point(1000), past(10, 11, 9, None, 10, 12, 8, 10))

    assert not verdict.fires
    assert verdict.state == "thin"
    assert verdict.sentence == "Only 7 earlier periods have a value; it takes 8 to know what is usual."


def test_a_history_without_any_spread_flags_nothing_and_says_so() -> None:
    verdict = judge(commits("outlier", 0.3), point(1000), past(*[5.0] * 12))

    assert verdict.state == "thin"
    assert "the same in every earlier period" in verdict.sentence


@pytest.mark.parametrize("state", [State.NO_DATA, State.NOT_COLLECTED, State.STALE, State.UNSUPPORTED])
@pytest.mark.parametrize("condition", ["above", "below", "change", "outlier"])
def test_what_has_no_value_never_fires_and_says_why(state: State, condition: str) -> None:
    value = 3.0 if state is State.STALE else None
    silent = Point(MONDAY, MONDAY + timedelta(days=7), value, 4, state, "Connect GitHub to see this.")
    verdict = judge(commits(condition, 0.1), silent, past(*[5.0, 6.0] * 6))

    assert (verdict.fires, verdict.state) == (False, state.value)
    assert verdict.sentence == "Connect GitHub to see this."


def test_a_value_with_too_few_rows_behind_it_is_not_judged() -> None:
    verdict = judge(commits("above", 1, least_rows=5), point(100, rows=4), [])

    assert not verdict.fires
    assert verdict.sentence == "Only 4 rows stand behind it, and the rule asks for 5."
