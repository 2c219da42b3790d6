"""Questions that rules answer: from the report's figures, or a metric fetched within its scope. Numbers by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from core.base.errors import BadInput, NotFound
from core.chats import service
from core.chats.around import around
from core.chats.views import Answer
from core.context import Capability, Context
from core.narrative.grounding import check
from tests.chats.conftest import BLOCKS, stat
from tests.reports.conftest import World

ticks = count(1)
MARCH = "In the period 1 Mar 2026 – 10 Mar 2026"
LAST_MONTH = "In the period 1 Feb 2026 – 28 Feb 2026"
FEBRUARY = "Compared with 19 Feb 2026 – 28 Feb 2026"


def later(ctx: Context) -> Context:
    """The same somewhat later: questions are kept in the order of their moments."""
    at = ctx.clock() + timedelta(seconds=next(ticks))
    return replace(ctx, clock=lambda: at)


def answer(ctx: Context, run_id: str, question: str) -> Answer:
    return service.answer(later(ctx), run_id, question).answer


def texts(ctx: Context, run_id: str, question: str) -> list[str]:
    told = answer(ctx, run_id, question)
    return [*told.remarks, *(one.text for one in told.sentences)]


@pytest.fixture
def ctx(asked_world: World) -> Context:
    return asked_world.ctx


def test_a_number_of_the_report_is_told_from_its_figure_and_cites_it(ctx: Context, run_id: str) -> None:
    told = answer(ctx, run_id, "How many commits were there?")

    assert [one.text for one in told.sentences] == [
        f"{MARCH}, Commits stood at 21.",
        f"{FEBRUARY}, Commits rose by 31 % to 21, from 16, which is better.",
    ]
    assert {ground.block for one in told.sentences for ground in one.grounds} == {"s1b1"}
    assert (told.sources, told.remarks, told.model) == ([], [], "")
    assert all(check(one.text, around(ctx, run_id).facts).holds for one in told.sentences)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What was commits of Atlas last month?", [f"{LAST_MONTH}, Commits of Atlas stood at 10."]),
        ("What's commits in Q4 2025?", ["There is no data for Commits in the period 1 Oct 2025 – 31 Dec 2025."]),
        ("Atlas's commits in February", [f"{LAST_MONTH}, Commits of Atlas stood at 10."]),
        ("commits in 2025-12-31..2026-01-31", ["In the period 31 Dec 2025 – 31 Jan 2026, Commits stood at 5."]),
        ("commits in january 2026", ["In the period 1 Jan 2026 – 31 Jan 2026, Commits stood at 5."]),
        ("commits 2026-03-02 to 2026-03-03", ["In the period 2 Mar 2026 – 3 Mar 2026, Commits stood at 6.",
                                              "In the period 28 Feb 2026 – 1 Mar 2026, Commits stood at 4."]),
        ("Compare commits with february", [f"{MARCH}, Commits stood at 21.",
         "Compared with 1 Feb 2026 – 28 Feb 2026, Commits rose by 31 % to 21, from 16, which is better."]),
        ("Which team has the most commits?", [
         f"{MARCH}: In Commits, Atlas is highest with 12, and Borealis lowest with 9."]),
        ("commits by repository", [f"{MARCH}, Commits stood at 12 in site and at 9 in app."]),
        ("commits by team last month", [f"{LAST_MONTH}, Commits stood at 10 in Atlas and at 6 in Borealis."]),
        ("Which team moved most in commits?", [
         f"{FEBRUARY}, Commits of Borealis rose by 50 % to 9, from 6, which is better.",
         f"{FEBRUARY}, Commits of Atlas rose by 20 % to 12, from 10, which is better."]),
        ("cycle time", ["There is no data for Cycle time in the period 1 Mar 2026 – 10 Mar 2026."]),
        ("What got worse?", ["There is no data for Cycle time in this period."]),
    ],
)  # fmt: skip
def test_what_rules_understand_they_answer(ctx: Context, run_id: str, question: str, said: list[str]) -> None:
    assert texts(ctx, run_id, question) == said


def test_it_is_what_was_asked_about_before_and_no_cause_is_told(
    ctx: Context, run_id: str, somebody: Callable[..., Context]
) -> None:
    mia = somebody("mia", "viewer")
    assert texts(mia, run_id, "commits of Atlas")[0] == f"{MARCH}, Commits of Atlas stood at 12."

    said = texts(mia, run_id, "Why did it go up?")

    assert said[0] == "Figures tell of no cause. They tell where it moved:"
    assert f"{FEBRUARY}, Commits of Atlas rose by 20 % to 12, from 10, which is better." in said
    # within Atlas, app went from ten to nine, and site from nothing to three, which is too few to be told
    assert said[-1] == f"{FEBRUARY}, Commits (Atlas) of app fell by 10 % to 9, from 10, which is worse."
    assert texts(mia, run_id, "and before?") == [
        "In the period 19 Feb 2026 – 28 Feb 2026, Commits of Atlas stood at 10."
    ]


@pytest.mark.parametrize(
    ("question", "remark"),
    [
        ("flibber the wug", "'flibber' was not understood."),
        ("who wrote most commits?", "Individuals are not ranked here."),
        ("commits of Borealos", "'borealos' was not understood. Did you mean 'Borealis'?"),
        ("hello", "Ask, for example: What was Commits of Atlas last month?"),
    ],
)
def test_what_is_not_answered_is_said(ctx: Context, run_id: str, question: str, remark: str) -> None:
    assert any(one.startswith(remark) for one in texts(ctx, run_id, question))


def test_what_lies_outside_of_what_a_report_is_about_is_refused(ctx: Context, atlas_run: str) -> None:
    assert texts(ctx, atlas_run, "commits of Borealis") == [
        "'Borealis' is outside of what this report is about (Team: Atlas). Ask about what lies inside, or open a report"
        " of it."
    ]


def test_a_report_about_a_team_answers_for_that_team_alone(ctx: Context, atlas_run: str) -> None:
    assert texts(ctx, atlas_run, "commits last month") == [
        "In the period 1 Feb 2026 – 28 Feb 2026, Commits stood at 10."
    ]
    assert texts(ctx, atlas_run, "commits by team last month") == [f"{LAST_MONTH}, Commits stood at 10 in Atlas."]


def test_a_question_that_cannot_be_asked_is_refused(ctx: Context, run_id: str) -> None:
    with pytest.raises(BadInput, match="Ask something"):
        service.ask(ctx, run_id, "  ")
    with pytest.raises(BadInput, match="longer than 500"):
        service.ask(ctx, run_id, "x" * 501)
    with pytest.raises(NotFound):
        service.ask(ctx, "nothing", "commits")


@pytest.fixture
def closed(asked_world: World) -> Iterator[Callable[[Context], Context]]:
    """Individuals' numbers are the managers' only."""
    yield lambda ctx: replace(ctx, workspace=replace(ctx.workspace, individuals="managers"))


def test_answers_are_kept_for_those_who_may_see_their_numbers_and_deleted_by_whoever_asked(
    run_of: Callable[..., str], somebody: Callable[..., Context], closed: Callable[[Context], Context]
) -> None:
    max_, mo = (closed(somebody(*one)) for one in (("max", "manager"), ("mo", "member")))
    private = run_of(max_, *BLOCKS, stat("commits_count", person="Ann", title="Commits by hand"))
    shown = service.answer(later(max_), private, "How many commits?")
    service.answer(later(max_), private, "commits of Ann last month")
    service.answer(later(max_), private, "Commits by hand")
    service.answer(later(max_), private, "commits of Ann in a year that never was, 1700-01-01")
    refused = service.answer(later(mo), private, "commits of Ann").answer

    assert [one.question for one in service.questions(max_, private)] == [
        "How many commits?", "commits of Ann last month", "Commits by hand",
        "commits of Ann in a year that never was, 1700-01-01", "commits of Ann",
    ]  # fmt: skip
    assert [(one.question, one.asked_by, one.is_mine) for one in service.questions(mo, private)] == [
        ("How many commits?", "max", False), ("commits of Ann", "mo", True),
    ]  # fmt: skip
    assert refused.remarks == ["'ann' was not understood."]
    with pytest.raises(NotFound):
        service.forget(mo, shown.id)
    service.forget(max_, shown.id)
    assert [one.question for one in service.questions(mo, private)] == ["commits of Ann"]


def test_a_program_that_may_only_read_reports_is_answered_from_the_figures_alone(
    run_id: str, somebody: Callable[..., Context]
) -> None:
    whole = somebody("prog", "viewer")
    reads = whole.as_actor(replace(whole.actor, capabilities=frozenset({Capability.VIEW_REPORTS})))

    assert texts(reads, run_id, "How many commits?")[0] == f"{MARCH}, Commits stood at 21."
    assert "may not view dashboards" in texts(reads, run_id, "commits last month")[0]
