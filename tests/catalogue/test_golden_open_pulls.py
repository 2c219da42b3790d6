"""Open pull requests as they stood when a period ended, over a history whose answers are worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from core.base.period import between
from core.catalogue.scope import Scope
from core.catalogue.service import Question, evidence, measure, measure_together
from core.context import Context
from core.figures import State
from tests.catalogue.factories import WEEK, History, answered

BEFORE = Scope(between(date(2026, 2, 23), date(2026, 3, 1)))


@pytest.fixture
def waiting(ctx: Context) -> Context:
    """At the week's end, midnight of the 9th, 1 to 4 are open; 5 was merged in it, 6 closed, 7 is of a bot."""
    history = History(ctx)
    for name in ("ann", "bob"):
        history.person(name)
    history.person("robot", is_bot=True)
    history.pr("ann", 1, opened="2026-02-20 00:00")
    history.pr("ann", 2, opened="2026-03-01 00:00")
    history.review("bob", 2, "2026-03-08 00:00", state="approved")
    history.pr("bob", 3, opened="2026-02-27 00:00", is_draft=1)
    history.pr("bob", 4, opened="2026-03-07 00:00", merged="2026-03-10 00:00")
    history.review("ann", 4, "2026-03-08 12:00", state="changes_requested")
    history.pr("ann", 5, opened="2026-03-01 00:00", merged="2026-03-03 00:00")
    history.pr("ann", 6, opened="2026-02-01 00:00", closed="2026-03-04 00:00")
    history.pr("robot", 7, opened="2026-03-02 00:00")
    return history.ingest()


def test_what_was_open_when_the_period_ended_counts(waiting: Context) -> None:
    value = answered(waiting, "open_prs_count")

    assert (value.value, value.state) == (4, State.MEASURED)
    assert value.excluded == {"bots": 1}


def test_a_period_before_is_told_as_it_stood_then(waiting: Context) -> None:
    # On the 2nd 1, 2, 3, 5 and 6 were open; the bot's came later.
    assert answered(waiting, "open_prs_count", BEFORE).value == 5


def test_two_periods_asked_together_keep_their_own_ends(waiting: Context) -> None:
    questions = [Question(("open_prs_count",), scope) for scope in (WEEK, BEFORE)]

    now, before = measure_together(waiting, questions)

    assert [now.get("open_prs_count").value, before.get("open_prs_count").value] == [4, 5]  # type: ignore[union-attr]


def test_the_age_runs_to_the_end_of_the_period(waiting: Context) -> None:
    # 17, 8, 10 and 2 days: the median is 9 days.
    assert answered(waiting, "open_pr_age_p50_hours").value == pytest.approx(9 * 24)


def test_stuck_is_what_nobody_touched_for_a_week_and_is_no_draft(waiting: Context) -> None:
    # 1 was never answered; 2 was approved a day before, 4 is young, 3 is a draft.
    assert answered(waiting, "stuck_prs_count").value == 1


def test_each_says_what_it_waits_for(waiting: Context) -> None:
    rows = evidence(waiting, "open_prs_count", WEEK)

    keys = [column.key for column in rows.cols]
    told = {row[keys.index("number")]: row[keys.index("waits_for")] for row in rows.rows}
    assert told == {1: "first review", 2: "merge", 3: "author: draft", 4: "author: changes requested"}


def test_an_answer_ends_the_quiet(waiting: Context) -> None:
    rows = evidence(waiting, "open_prs_count", WEEK)

    keys = [column.key for column in rows.cols]
    quiet = {row[keys.index("number")]: row[keys.index("quiet_hours")] for row in rows.rows}
    assert quiet == {1: 17 * 24, 2: 24, 3: 10 * 24, 4: 12}


def test_by_person_and_repository_they_add_up(waiting: Context) -> None:
    by_person = measure(waiting, ["open_prs_count"], WEEK, ("person",))

    assert {value.group[0]: value.value for value in by_person.values if value.n} == {"ann": 2, "bob": 2}


def test_none_open_is_zero_for_who_was_active(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.pr("ann", 1, opened="2026-03-02 00:00", merged="2026-03-03 00:00")
    ctx = history.ingest()

    value = answered(ctx, "open_prs_count")
    assert (value.value, value.state) == (0, State.MEASURED)


def test_what_is_open_has_no_course_by_week(waiting: Context) -> None:
    value = measure(waiting, ["open_prs_count"], WEEK, ("week",)).get("open_prs_count", "2026-03-02")

    assert value.state is State.UNSUPPORTED


def test_opened_ones_count_by_their_day(waiting: Context) -> None:
    assert answered(waiting, "prs_opened").value == 1
