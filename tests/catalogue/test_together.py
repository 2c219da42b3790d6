"""Questions asked together have the answers that each has alone, in far fewer statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.base.errors import NotAllowed
from core.base.period import Period, between
from core.boards import service as boards
from core.catalogue import METRICS, answers
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Question, measure_together
from core.context import ROLES, Actor, Context
from core.widgets import WIDGETS
from tests.snapshots.test_snapshots import busy

FEBRUARY = between(date(2026, 2, 1), date(2026, 2, 28))
PERIODS: tuple[Period | None, ...] = (
    FEBRUARY,
    between(date(2026, 1, 4), date(2026, 1, 31)),
    between(date(2026, 1, 26), date(2026, 3, 15)),
    between(date(2025, 2, 1), date(2025, 2, 28)),
    None,
)
GROUPINGS: tuple[tuple[str, ...], ...] = (
    (), ("person",), ("person", "week"), ("team",), ("team", "month"), ("day", "repo"), ("email",),
)  # fmt: skip
KEYS = tuple(metric.key for metric in METRICS)


def alone(ctx: Context, question: Question) -> Measured:
    answers._answers.clear()
    return catalogue.measure(ctx, question.keys, question.scope, question.by)


def facts_of(answer: Measured) -> tuple[Any, ...]:
    """All that an answer tells, without how long it took."""
    return (
        answer.by,
        answer.keys,
        answer.found,
        answer.watermark,
        answer.excluded,
        sorted((one.query_hash, one.query, one.rows, sorted(one.excluded.items())) for one in answer.provenance),
    )


@pytest.mark.parametrize("about", [{}, {"team_ids": ("red",)}, {"person_ids": ("bob",)}], ids=["all", "team", "person"])
def test_every_metric_says_the_same_together_as_alone(ctx: Context, about: dict[str, Any], asked: list[str]) -> None:
    ctx = busy(ctx)
    questions = [
        Question(KEYS, Scope(period, **about), by)
        for period in (PERIODS[:2] if about else PERIODS)
        for by in (GROUPINGS[:4] if about else GROUPINGS)
    ]
    answers._answers.clear()
    asked.clear()
    together = measure_together(ctx, questions)
    few = len(asked)

    for question, answer in zip(questions, together, strict=True):
        assert isinstance(answer, Measured), answer
        assert facts_of(answer) == facts_of(alone(ctx, question)), (question.scope.period, question.by)
    assert few < len(asked) / 4


def test_a_question_that_is_refused_costs_the_others_nothing(ctx: Context) -> None:
    ctx = replace(busy(ctx), actor=Actor("u", "Vera", "viewer", ROLES["viewer"]))
    hidden = replace(ctx, workspace=replace(ctx.workspace, individuals="managers"))
    scope = Scope(FEBRUARY)

    refused, told = measure_together(
        hidden, [Question(("commits_count",), scope, ("person",)), Question(("commits_count",), scope)]
    )

    assert isinstance(refused, NotAllowed)
    assert isinstance(told, Measured) and told.get("commits_count").value


def test_a_team_of_one_counts_among_those_chosen_and_is_not_listed(ctx: Context) -> None:
    seen = replace(busy(ctx), actor=Actor("u", "Vera", "viewer", ROLES["viewer"]))
    hidden = replace(seen, workspace=replace(seen.workspace, individuals="managers"))
    scope = Scope(between(date(2026, 2, 11), date(2026, 2, 28)), team_ids=("red", "blue"))  # red is Ann alone by now
    answers._answers.clear()

    of_all, listed = measure_together(
        hidden, [Question(("commits_count",), scope), Question(("commits_count",), scope, ("team",))]
    )

    assert isinstance(of_all, Measured) and of_all.get("commits_count").value == 9
    assert isinstance(listed, Measured)
    assert {group: value.value for (_, group), value in listed.found.items()} == {("blue",): 3}


@pytest.mark.parametrize(
    ("name", "most"), [("overview", 18), ("activity", 4), ("team", 20)], ids=["overview", "activity", "team"]
)
def test_a_board_asks_few_statements(ctx: Context, name: str, most: int, asked: list[str]) -> None:
    ctx = busy(ctx)
    assert len(WIDGETS.keys()) > 5
    answers._answers.clear()
    asked.clear()

    boards.build(ctx, boards.standard(ctx, name), Scope(FEBRUARY, FEBRUARY.previous()))

    assert len(asked) <= most
