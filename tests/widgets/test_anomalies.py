"""Unusual weeks, against a history whose every number is worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.base.errors import BadInput
from core.base.period import between
from core.catalogue.scope import Scope
from core.context import Context
from core.documents import Document, render
from core.documents.document import Section
from core.figures import Series, State
from core.narrative.reading import read
from core.narrative.telling import told
from core.people import service as people
from core.people.views import Seen
from core.widgets import WIDGETS
from tests.catalogue.factories import History
from tests.fresh import NOW
from tests.widgets.test_insights import built, cells

FIRST = date(2025, 12, 1)
ATLAS = [5, 6, 5, 4, 5, 6, 5, 4, 5, 5, 6, 5]
BOREALIS = 5
"""Weeks of 10, 11, 10, 9, … commits. Median 10; distances 0 1 0 1 0 1 0 1 0 0 1 0, whose median is 0 and whose mean is
5 / 12: the spread is 1.2533 × 5 / 12 = 0.5222."""
MONTH = Scope(period=between(date(2026, 2, 16), date(2026, 3, 1), "UTC"), time_zone="UTC")


@pytest.fixture
def made(ctx: Context) -> Context:
    """Twelve usual weeks from 1 December, then one of 19 commits of Atlas, in the repository app, and 6 of Borealis."""
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in ("ann", "bob", "cem", "dot")])
    persons = {view.email.partition("@")[0]: view.id for view in people.people(ctx)}
    for team, members in {"Atlas": ("ann", "bob"), "Borealis": ("cem", "dot")}.items():
        team_id = people.create_team(ctx, team).id
        for name in members:
            people.set_membership(ctx, persons[name], team_id, date(2025, 11, 1))
    history = History(ctx)
    for week, atlas in enumerate([*ATLAS, 19]):
        for number in range(atlas):
            day = FIRST + timedelta(weeks=week, days=number % 5)
            history.commit("ann" if number % 2 else "bob", f"{day} {8 + number // 5:02d}:00")
        for number in range(BOREALIS + (week == 12)):
            day = FIRST + timedelta(weeks=week, days=number % 5)
            history.commit("cem" if number % 2 else "dot", f"{day} 1{number // 5}:30", repo="site")
    return history.ingest()


def test_a_week_that_left_the_usual_is_told_with_what_moved_most(made: Context) -> None:
    table = built(made, "anomalies", MONTH, metrics=["commits_count"])

    # 25 against the median of 12 weeks, 10: +150 %, and (25 − 10) / 0.5222 = 28.7
    assert cells(table) == [
        ["Commits", date(2026, 2, 23), "25", "10", "+150 %", 28.7,
         "Team Atlas with 19, usually 5; Repository app with 19, usually 5", "Better"],
    ]  # fmt: skip


def test_its_past_is_drawn_beside_what_is_usual(made: Context) -> None:
    series = built(made, "anomalies.history", MONTH, metrics=["commits_count"])

    assert isinstance(series, Series)
    assert series.title == "Commits, unusual in the week of 23 Feb 2026"
    line, usual = series.lines
    assert [y for y in line.y if y is not None] == [10, 11, 10, 9, 10, 11, 10, 9, 10, 10, 11, 10, 25]
    assert set(usual.y) == {10.0}
    # 3.5 × 0.5222 = 1.828 on both sides
    assert (usual.low[0], usual.high[0]) == (pytest.approx(10 - 1.828, abs=0.001), pytest.approx(11.828, abs=0.001))
    assert series.style
    assert [(mark.x, mark.y, mark.text) for mark in series.style.marks] == [(date(2026, 2, 23), 25, "25")]
    page = Document(title="x", generated_at=NOW, sections=[Section(blocks=[series])])
    assert b"<svg" in render(page, "html").content
    second = built(made, "anomalies.history", MONTH, metrics=["commits_count"], rank=2)
    assert second.state_text == "There are not so many unusual weeks in this period."


def test_a_usual_week_flags_nothing_and_a_thin_past_says_so(made: Context) -> None:
    usual = Scope(period=between(date(2026, 2, 9), date(2026, 2, 22), "UTC"), time_zone="UTC")
    early = Scope(period=between(date(2025, 12, 29), date(2026, 1, 11), "UTC"), time_zone="UTC")

    quiet = built(made, "anomalies", usual, metrics=["commits_count"])
    thin = built(made, "anomalies", early, metrics=["commits_count"])

    assert (quiet.rows, quiet.state, quiet.state_text) == (
        [], State.NO_DATA, "No week of this period is outside of what is usual for it.",
    )  # fmt: skip
    assert "Too short a past" not in quiet.note
    assert thin.note.endswith("Too short a past to tell: Commits.")
    assert built(made, "anomalies.history", usual, metrics=["commits_count"]).state is State.NO_DATA


def test_a_week_that_is_not_over_is_not_judged(made: Context) -> None:
    until_friday = Scope(period=between(date(2026, 2, 9), date(2026, 2, 27), "UTC"), time_zone="UTC")

    assert built(made, "anomalies", until_friday, metrics=["commits_count"]).rows == []


def test_of_one_person_no_part_is_named(made: Context) -> None:
    ann = next(view.id for view in people.people(made) if view.email.startswith("ann"))
    alone = Scope(period=MONTH.period, person_ids=(ann,), time_zone="UTC")

    assert [row[6] for row in built(made, "anomalies", alone, metrics=["commits_count"], threshold=0.1).rows] == [None]


def test_a_team_of_one_is_not_named_as_what_moved_most(made: Context) -> None:
    ctx = made
    everybody = {view.email.partition("@")[0]: view.id for view in people.people(ctx)}
    solo = people.create_team(ctx, "Solo").id
    people.register(ctx, [Seen("eve@example.com", "Eve")])
    eve = next(view.id for view in people.people(ctx) if view.email.startswith("eve"))
    people.set_membership(ctx, eve, solo, date(2025, 11, 1))
    assert everybody

    widget = WIDGETS.get("anomalies")
    params: Any = widget.accept({"metrics": ["commits_count"]})

    assert all("team" not in asked.by for asked in widget.questions(ctx, MONTH, params))
    assert cells(built(ctx, "anomalies", MONTH, metrics=["commits_count"]))[0][6] == "Repository app with 19, usually 5"


def test_the_narrative_tells_of_it(made: Context) -> None:
    table = built(made, "anomalies", MONTH, metrics=["commits_count"])

    (sentence,) = told(read([table.model_copy(update={"key": "s1b1"})]), ("changes",))

    assert sentence.text == (
        "In the week of 23 Feb 2026, Commits stood at 25, 150 % more than the usual 10, which is better."
        " Moved most: Team Atlas with 19, usually 5; Repository app with 19, usually 5."
    )
    assert [ground.number for ground in sentence.grounds] == ["25", "10"]


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(BadInput, match="least_history"):
        WIDGETS.get("anomalies").accept({"least_history": 1})
