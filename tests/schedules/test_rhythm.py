"""Rhythms by name and their sentences."""

from __future__ import annotations

from datetime import time

import pytest

from core.base.errors import BadInput
from core.schedules.rhythm import Rhythm, clock_time


@pytest.mark.parametrize(
    ("cron", "preset", "sentence"),
    [
        ("weekly", "weekly", "every Monday at 09:00 Europe/Berlin"),
        ("0 9 * * 1", "weekly", "every Monday at 09:00 Europe/Berlin"),
        ("30 17 * * FRI", "weekly", "every Friday at 17:30 Europe/Berlin"),
        ("0 9 * * 7", "weekly", "every Sunday at 09:00 Europe/Berlin"),
        ("monthly", "monthly", "on the 1st of every month at 09:00 Europe/Berlin"),
        ("0 9 31 * *", "monthly", "on the last day of every month at 09:00 Europe/Berlin"),
        ("0 9 30 * *", "monthly", "on the 30th (or the last day) of every month at 09:00 Europe/Berlin"),
        ("0 9 31 4 *", "custom", "at 09:00 on the last day of April Europe/Berlin"),
        ("0 9 30 2,4 *", "custom", "at 09:00 on the 30th (or the last day) of February and April Europe/Berlin"),
        ("daily", "daily", "every day at 09:00 Europe/Berlin"),
        ("0 9 * * 1-5", "custom", "at 09:00 on Monday through Friday Europe/Berlin"),
        ("*/15 9-17 * * *", "custom", "every 15th minute from 09:00 through 17:59 Europe/Berlin"),
    ],
)
def test_a_rhythm_reads_as_a_sentence(cron, preset, sentence):
    rhythm = Rhythm.of(cron)

    assert (rhythm.preset, rhythm.sentence("Europe/Berlin")) == (preset, sentence)


def test_the_presets_are_the_usual_expressions():
    assert Rhythm.of("weekly").cron == "0 9 * * 1"
    assert Rhythm.of("monthly").cron == "0 9 1 * *"


@pytest.mark.parametrize("day", range(7))
def test_a_weekly_rhythm_is_read_back_as_it_was_made(day):
    made = Rhythm.weekly(day, time(7, 45))

    assert Rhythm.of(made.cron) == made


@pytest.mark.parametrize("day", [1, 15, 28, 29, 30, 31])
def test_a_monthly_rhythm_is_read_back_as_it_was_made(day):
    made = Rhythm.monthly(day, time(23, 5))

    assert Rhythm.of(made.cron) == made


@pytest.mark.parametrize(
    "make", [lambda: Rhythm.weekly(7), lambda: Rhythm.monthly(32), lambda: clock_time("25:00"), lambda: Rhythm.of("")]
)
def test_days_and_times_that_do_not_exist_are_refused(make):
    with pytest.raises(BadInput):
        make()
