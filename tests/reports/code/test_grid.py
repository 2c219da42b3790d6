"""How views stand on the grid: what a file says, and the width that each gets."""

from __future__ import annotations

import pytest

from core.reports.code.compiling import compiled
from core.reports.code.reading import opened_texts

CASES = [
    ("no cols: the whole width", "", [""], [6]),
    ("one narrow view", "", ["cols: 2"], [2]),
    ("two and four", "", ["cols: 2", "cols: 4"], [2, 4]),
    ("four and four keep their widths and wrap", "", ["cols: 4", "cols: 4"], [4, 4]),
    ("wider than the grid is the whole grid", "", ["cols: 9"], [6]),
    ("a finer grid", "theme: {num_columns: 12}", ["", "cols: 7", "cols: 5"], [12, 7, 5]),
    ("a grid of one", "theme: {num_columns: 1}", ["", "cols: 3"], [1, 1]),
    ("a number in quotes", "", ["cols: '3'"], [3]),
    ("nothing behind cols", "", ["cols:"], [6]),
    ("the manual's six", "", ["", "cols: 2", "cols: 4", "", "cols: 3", "cols: 3"], [6, 2, 4, 6, 3, 3]),
]


@pytest.mark.parametrize(("theme", "views", "widths"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_width_of_views(theme: str, views: list[str], widths: list[int]) -> None:
    listed = "\n".join(f"  v{n}:\n    plugin: single_stat\n    {cols}" for n, cols in enumerate(views))

    plan = compiled(opened_texts([("f", f"{theme}\nviews:\n{listed}\n")]).certain())

    assert [block.columns for block in plan.views()] == widths


def test_a_file_without_a_title_is_called_report_and_goes_to_the_build_folder() -> None:
    plan = compiled(opened_texts([("f", "interval_days: 3")]).certain())

    assert plan.title == "Report"
    assert [(name, one.plugin) for name, one in plan.outputs.items()] == [("static", "static")]


def test_a_file_with_outputs_of_none_goes_nowhere() -> None:
    assert compiled(opened_texts([("f", "outputs: {}")]).certain()).outputs == {}
