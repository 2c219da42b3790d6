"""What the rules say: of the figures alone, in good English, and nothing that chance may have made."""

from __future__ import annotations

import pytest

from core.figures import Column, Stat, State, Table, Unit
from core.narration import Narration, Part
from core.narrative.reading import read
from core.narrative.telling import told, written
from core.narrative.trends import trend
from tests.narrative.given import BEFORE, PERIOD, by_team, change, figures, stat


def said(part: Part, *given: object) -> list[str]:
    facts = read(list(given) or figures(), PERIOD, BEFORE)  # type: ignore[arg-type]
    return [one.text for one in told(facts, (part,))]


def test_the_summary_says_where_things_stand_what_got_better_and_who_is_where() -> None:
    assert said("summary") == [
        "In the period 1 Mar 2026 – 28 Mar 2026, Commits stood at 120, Lead time for changes at 12.4 h,"
        " Deployments at 30 and Pull requests merged at 50.",
        "Compared with 1 Feb 2026 – 28 Feb 2026, Pull requests merged got better, and Lead time for changes and"
        " Deployments got worse.",
        "In Commits, Atlas is highest with 80, and Cirrus lowest with 10.",
    ]


def test_concerns_are_what_got_worse_and_what_is_missing() -> None:
    assert said("concerns") == [
        "Lead time for changes rose by 31 % to 12.4 h, from 9.5 h, which is worse.",
        "Deployments fell by 25 % to 30, from 40, which is worse.",
        "Not collected: Change failure rate.",
    ]


def test_changes_are_told_largest_first_and_as_better_only_where_there_is_a_better_side() -> None:
    assert said("changes") == [
        "Commits of Atlas rose by 60 % to 80, from 50.",
        "Pull requests merged rose by 25 % to 50, from 40, which is better.",
        "Commits rose by 20 % to 120, from 100.",
    ]


def test_a_share_over_two_commits_is_no_change_to_tell() -> None:
    assert not [text for part in ("concerns", "changes") for text in said(part) if "Weekend" in text]  # type: ignore[arg-type]


def test_a_difference_of_shares_is_told_in_points() -> None:
    one = stat("a", "Rework", 0.3, "30 %", Unit.RATIO, change(0.1, "+10.0 points", "20 %", False, relative=False), 300)

    assert said("concerns", one) == ["Rework rose by 10.0 points to 30 %, from 20 %, which is worse."]


def test_trends_are_told_where_order_is_no_chance_and_of_too_few_points_that_is_said() -> None:
    assert said("trends") == [
        "Commits rose over the weeks shown, from 10 (week of 5 Jan 2026) to 30 (week of 16 Feb 2026).",
        "No clear trend shows in Reviews given.",
        "There are too few points for a trend in Deployments.",
    ]


@pytest.mark.parametrize(
    ("values", "is_trend"),
    [
        ([1, 2, 3, 4, 5], None),  # too few
        ([1, 2, 3, 4, 5, 6], 1),  # score 15, spread √28.33: (15 − 1) / 5.32 = 2.63
        ([6, 5, 4, 3, 2, 1], -1),
        ([1, 3, 2, 4, 3, 5], 0),  # score 10 with two pairs alike: (10 − 1) / 5.23 = 1.72
        ([5, 5, 5, 5, 5, 5], 0),
    ],
)
def test_mann_and_kendall_as_worked_out_by_hand(values: list[float], is_trend: int | None) -> None:
    assert trend(values) == is_trend


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.NO_DATA, "There is no data for Deployments in this period."),
        (State.NOT_COLLECTED, "Not collected: Deployments."),
        (State.UNSUPPORTED, "Not known for this choice of people and days: Deployments."),
    ],
)
def test_what_is_missing_is_said_and_never_told_as_zero(state: State, sentence: str) -> None:
    lacking = stat("a", "Deployments", None, "–", Unit.COUNT, state=state)

    assert said("concerns", lacking) == [sentence]
    assert said("summary", lacking) == []


def test_persons_are_not_told_of() -> None:
    table = Table(
        key="a", title="P", cols=[Column(key="person", label="Person"), Column(key="c", label="C", kind="integer")],
        rows=[["Ann", 7], ["Bob", 1]],
    )  # fmt: skip

    assert not [part for part in ("summary", "trends", "concerns", "changes") if said(part, table)]  # type: ignore[arg-type]
    assert said("summary", by_team("b", "Commits", {"Ann": 7, "Bob": 1}, noun="Person")) == []


def test_every_sentence_rests_on_numbers_that_the_figures_show() -> None:
    given = figures()
    shown = {figure.key: figure.model_dump_json() for figure in given}
    everything = told(read(given, PERIOD, BEFORE))

    assert len(everything) == 12
    for sentence in everything:
        assert sentence.grounds
        for ground in sentence.grounds:
            assert ground.block in shown
    first = everything[3].grounds[0]
    assert (first.block, first.about, first.number) == ("s3b1", "Commits, 5 Jan 2026", "10")


def test_names_are_words_and_no_markup() -> None:
    facts = read([Stat(key="a", title="*x* [y](http://z) <b>", value=3, text="3", n=9)])

    figure = written(Narration(sentences=told(facts)), key="n")

    assert figure.markdown == "\\*x\\* \\[y\\](http://z) \\<b\\> stood at 3."
    assert figure.texts["text"] == "*x* [y](http://z) <b> stood at 3."
