"""One rounding for pages and files, and changes that know which way is good."""

from __future__ import annotations

import pytest

from core.figures import Better, Unit, change_between, number_text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, Unit.COUNT, "–"),
        (0.0, Unit.COUNT, "0"),
        (1204.0, Unit.COUNT, "1,204"),
        (-310.0, Unit.LINES, "−310"),
        (0.25, Unit.HOURS, "15 min"),
        (12.44, Unit.HOURS, "12.4 h"),
        (96.0, Unit.HOURS, "4.0 d"),
        (0.374, Unit.RATIO, "37 %"),
        (0.031, Unit.RATIO, "3.1 %"),
        (0.0, Unit.RATIO, "0 %"),
        (0.625, Unit.SCORE, "0.62"),
        (3.14, Unit.PER_WEEK, "3.1 / week"),
        (2.0, Unit.DAYS, "2 d"),
        (1234.5, Unit.NUMBER, "1,234"),
        (3.14159, Unit.NUMBER, "3.14"),
    ],
)
def test_numbers_read_the_same_everywhere(value: float | None, unit: Unit, text: str) -> None:
    assert number_text(value, unit) == text


@pytest.mark.parametrize(
    ("hours", "beside", "text"),
    [
        (72.9, 55.4, "72.9 h"),
        (72.9, None, "3.0 d"),
        (48, 80, "2.0 d"),
        (5, 80, "5.0 h"),
        (0.5, 80, "30 min"),
        (100, 80, "4.2 d"),
        (100, 0.5, "100.0 h"),
    ],
)
def test_hours_beside_others_are_worded_alike(hours: float, beside: float | None, text: str) -> None:
    assert number_text(hours, Unit.HOURS, beside=beside) == text


@pytest.mark.parametrize(
    ("now", "before", "better", "text", "good"),
    [
        (11.2, 10.0, Better.HIGHER, "+12 %", True),
        (11.2, 10.0, Better.LOWER, "+12 %", False),
        (8.0, 10.0, Better.LOWER, "−20 %", True),
        (8.0, 10.0, Better.NEITHER, "−20 %", None),
        (10.0, 10.0, Better.HIGHER, "no change", None),
        (3.0, 0.0, Better.HIGHER, "+3", True),
    ],
)
def test_a_change_says_how_much_and_whether_it_is_good(
    now: float, before: float, better: Better, text: str, good: bool | None
) -> None:
    change = change_between(now, before, Unit.COUNT, better)

    assert change is not None
    assert (change.text, change.good) == (text, good)


@pytest.mark.parametrize(("now", "before"), [(None, 1.0), (1.0, None), (None, None)])
def test_what_is_missing_has_no_change(now: float | None, before: float | None) -> None:
    assert change_between(now, before, Unit.COUNT, Better.HIGHER) is None


def test_a_share_that_was_zero_changes_by_points_not_by_per_cent() -> None:
    change = change_between(0.032, 0.0, Unit.RATIO, Better.LOWER)

    assert change is not None
    assert (change.text, change.good) == ("+3.2 points", False)
