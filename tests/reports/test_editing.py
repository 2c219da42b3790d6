"""Changing a plan step by step, and hearing what is wrong with it."""

from __future__ import annotations

import pytest

from core.base.errors import BadInput
from core.reports import editing
from core.reports.editing import History, Place
from core.reports.plan import PageBreak, PlanSection, ProseBlock, ReportPlan, WidgetBlock


def a_plan(*sections: str) -> ReportPlan:
    """`a_plan("ab", "c")` has two sections with texts a, b and c."""
    return ReportPlan(
        title="Weekly",
        sections=tuple(PlanSection(title=f"S{row}", blocks=tuple(ProseBlock(markdown=one) for one in blocks))
                       for row, blocks in enumerate(sections)),
    )  # fmt: skip


def letters(plan: ReportPlan) -> list[str]:
    return ["".join(getattr(block, "markdown", "-") for block in section.blocks) for section in plan.sections]


def test_blocks_are_added_doubled_and_taken_away_and_the_plan_before_stands() -> None:
    before = a_plan("ab", "c")

    added, place = editing.add(before, PageBreak(), 0, 1)
    assert (letters(added), place) == (["a-b", "c"], Place(0, 1))
    doubled, place = editing.duplicate(before, Place(0, 0))
    assert (letters(doubled), place) == (["aab", "c"], Place(0, 1))
    assert letters(editing.remove(before, Place(1, 0))) == ["ab", ""]
    assert letters(before) == ["ab", "c"]


def test_a_block_moves_within_its_section_and_over_its_edge() -> None:
    plan = a_plan("ab", "c")

    assert letters(editing.up(plan, Place(0, 1))[0]) == ["ba", "c"]
    assert letters(editing.down(plan, Place(0, 0))[0]) == ["ba", "c"]
    assert editing.down(plan, Place(0, 1)) == (editing.move(plan, Place(0, 1), 1, 0)[0], Place(1, 0))
    moved, place = editing.up(plan, Place(1, 0))
    assert (letters(moved), place) == (["abc", ""], Place(0, 2))
    assert editing.up(plan, Place(0, 0)) == (plan, Place(0, 0))
    assert editing.down(plan, Place(1, 0)) == (plan, Place(1, 0))
    assert letters(editing.move(plan, Place(0, 0), 1)[0]) == ["b", "ca"]


@pytest.mark.parametrize(
    ("place", "section", "before", "order"),
    [
        (Place(0, 0), 0, 2, ["bac", "d"]),
        (Place(0, 0), 0, 0, ["abc", "d"]),
        (Place(0, 0), 0, 1, ["abc", "d"]),
        (Place(0, 2), 0, 0, ["cab", "d"]),
        (Place(0, 0), 0, 3, ["bca", "d"]),
        (Place(1, 0), 0, 1, ["adbc", ""]),
        (Place(0, 1), 1, 1, ["ac", "db"]),
    ],
)
def test_a_dragged_block_stands_where_it_was_dropped(place: Place, section: int, before: int, order: list[str]) -> None:
    plan, stands = editing.put_before(a_plan("abc", "d"), place, section, before)

    assert letters(plan) == order
    assert editing.block_at(plan, stands) == editing.block_at(a_plan("abc", "d"), place)


def test_sections_are_added_moved_doubled_and_taken_away() -> None:
    plan = a_plan("a", "b")

    assert letters(editing.add_section(plan, "New", 1)) == ["a", "", "b"]
    assert letters(editing.move_section(plan, 0, 1)) == ["b", "a"]
    assert letters(editing.duplicate_section(plan, 0)) == ["a", "a", "b"]
    assert letters(editing.remove_section(plan, 0)) == ["b"]
    assert letters(editing.remove_section(editing.remove_section(plan, 0), 0)) == [""]
    assert editing.change_section(plan, 1, title="Last").sections[1].title == "Last"


def test_what_a_block_says_is_changed_and_a_wrong_value_is_refused_with_its_name() -> None:
    plan = ReportPlan(title="Weekly", sections=(PlanSection(blocks=(WidgetBlock(widget="metric.stat"),)),))
    place = Place(0, 0)

    changed = editing.change(plan, place, title="Ours", columns=2, range="last_7_days", compare="year")
    block = editing.block_at(changed, place)
    assert isinstance(block, WidgetBlock)
    assert (block.title, block.columns, block.range, block.compare) == ("Ours", 2, "last_7_days", "year")
    told = editing.set_param(changed, place, "metric", "commits_count")
    assert editing.block_at(told, place) == block.model_copy(update={"params": {"metric": "commits_count"}})
    assert editing.set_param(told, place, "metric", "") == changed
    with pytest.raises(BadInput, match="'columns' must be 1 or more, not '0'"):
        editing.change(plan, place, columns=0)
    with pytest.raises(BadInput, match="no longer there"):
        editing.change(plan, Place(0, 7), columns=3)
    with pytest.raises(BadInput, match="no longer there"):
        editing.move(plan, place, 4)
    scoped = editing.change_report(plan, audience="Leads", window={"range": "last_week"})
    assert (scoped.audience, scoped.window.range, scoped.window.compare) == ("Leads", "last_week", "previous")


def test_steps_are_taken_back_and_done_again() -> None:
    history = History("a").then("b").then("c")

    assert history.then("c") is history
    back = history.undo().undo()
    assert (back.now, back.can_undo, back.can_redo) == ("a", False, True)
    assert back.undo() is back
    assert back.redo().redo().now == "c"
    branched = history.undo().changed(str.upper)
    assert (branched.now, branched.can_redo, branched.undo().now) == ("B", False, "b")
    assert len(History(0, tuple(range(500))).then(1).past) == editing.KEPT


def test_a_plan_of_before_blocks_had_days_of_their_own_is_still_read() -> None:
    old = {"title": "Old", "sections": [{"blocks": [{"widget": "metric.stat", "params": {"metric": "prs_merged"}}]}]}

    (block,) = ReportPlan.model_validate(old).widgets()

    assert (block.title, block.scope, block.range, block.compare) == ("", None, "", None)
