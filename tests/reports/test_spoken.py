"""From a sentence to a report: what is said is taken, what is not understood is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.base.errors import BadInput
from core.context import Context
from core.reports import spoken, templates
from tests.reports.conftest import World

Users = Callable[..., Context]


def test_the_example_of_the_form_is_understood(world: World) -> None:
    asked = spoken.understood(world.ctx, "weekly DORA for the Atlas team, compare with last year")

    assert (asked.template, asked.days, asked.compare, asked.rhythm) == ("dora-monthly", "last_week", "year", "weekly")
    assert list(asked.teams.values()) == ["Atlas"]
    assert (asked.unknown, asked.remarks) == ((), ())
    assert asked.name == "DORA, monthly of Atlas"
    assert spoken.told(asked) == [
        ("Template", "DORA, monthly"), ("Teams", "Atlas"), ("Days", "Last week"),
        ("Compared with", "Same dates a year before"), ("Comes", "weekly, once you schedule it"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "template", "named", "days", "compare"),
    [
        ("code review health, last 45 days", "code-review-health", (), "last_45_days", None),
        ("sprint review of the past 2 weeks vs previous", "sprint-review", (), "last_14_days", "previous"),
        (
            "commits and lead time for changes this quarter",
            "",
            ("commits_count", "lead_time_hours"),
            "this_quarter",
            None,
        ),
        ("Executive summary for last month, compared to nothing", "executive-summary", (), "last_month", "none"),
        ("engineering review, quarterly", "quarterly-engineering-review", (), "last_quarter", None),
        ("deployment_frequency", "", ("deployment_frequency",), "", None),
    ],
)
def test_subjects_days_and_comparisons(
    world: World, sentence: str, template: str, named: tuple[str, ...], days: str, compare: str | None
) -> None:
    asked = spoken.understood(world.ctx, sentence)

    assert (asked.template, asked.metrics, asked.days, asked.compare) == (template, named, days, compare)
    assert (asked.unknown, asked.remarks) == ((), ())


def test_a_template_that_is_called_by_its_name_keeps_its_days(world: World) -> None:
    asked = spoken.understood(world.ctx, "a quarterly engineering review")
    made = spoken.made(world.ctx, asked)

    assert made.report_plan is not None
    assert (asked.template, made.report_plan.window.range) == ("quarterly-engineering-review", "last_quarter")
    assert spoken.understood(world.ctx, "Weekly team health").rhythm == "weekly"


@pytest.mark.parametrize("key", templates.GALLERY)
def test_every_template_is_understood_by_its_name(key: str, world: World) -> None:
    asked = spoken.understood(world.ctx, f"{templates.built_in(key).name} of Ann")

    assert (asked.template, asked.unknown, asked.remarks) == (key, (), ())


def test_unknown_words_are_told_and_never_guessed(world: World) -> None:
    asked = spoken.understood(world.ctx, "DORA for the Atlos team about velocitree")

    assert asked.teams == {}
    assert asked.unknown == ("atlos", "velocitree")
    assert dict(spoken.suggestions(world.ctx, asked))["atlos"] == "Did you mean 'atlas'?"
    odd = spoken.understood(world.ctx, "unicorns prs_mergd")
    assert all("_" not in said for _, said in spoken.suggestions(world.ctx, odd))


@pytest.mark.parametrize(
    ("sentence", "remark"),
    [
        ("weekly dora, compare with last month", "'last month' is of another"),
        ("dora compared with the neighbours", "was not understood"),
        ("dora and commits", "A template has its own numbers"),
        ("one-to-one", "about one person. Name them"),
        ("dora and onboarding", "a second report"),
        ("commits of Atlas in site", "about one kind of thing"),
    ],
)
def test_what_cannot_be_taken_as_it_was_said_is_remarked(world: World, sentence: str, remark: str) -> None:
    assert remark in " ".join(spoken.understood(world.ctx, sentence).remarks)


def test_what_was_understood_becomes_a_report(world: World, user: Users) -> None:
    mia = user("mia")
    dora = spoken.made(mia, spoken.understood(mia, "weekly dora for Atlas in app compared with last year"))
    assert dora.report_plan is not None
    assert dora.report_plan.scope.teams == (world.teams["Atlas"],)
    assert dora.report_plan.scope.repos == (world.repos["app"],)
    assert (dora.report_plan.window.range, dora.report_plan.window.compare) == ("last_week", "year")

    counted = spoken.made(mia, spoken.understood(mia, "commits of Borealis last month"), "Ours")
    assert (counted.name, counted.report_plan, counted.parameters.scope) == ("Ours", None, "team")
    assert (counted.parameters.metrics, counted.parameters.date_range) == (("commits_count",), "last_month")
    with pytest.raises(BadInput, match="about one person"):
        spoken.made(mia, spoken.understood(mia, "one-to-one"))
    with pytest.raises(BadInput, match="Say what the report is about"):
        spoken.understood(mia, "  ")
    with pytest.raises(BadInput, match="longer than 500"):
        spoken.understood(mia, "dora " * 200)


def test_nobody_is_named_whom_the_asker_may_not_see(world: World, user: Users) -> None:
    from dataclasses import replace

    mia = user("mia")
    closed = replace(mia, workspace=replace(mia.workspace, individuals="self"))

    assert spoken.understood(mia, "one-to-one with Ann").people == {world.persons["ann"]: "Ann"}
    assert spoken.understood(closed, "one-to-one with Ann").unknown == ("ann",)
