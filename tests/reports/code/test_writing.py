"""Plans as report files and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.documents.choice import ThemeChoice
from core.reports.code.compiling import compiled
from core.reports.code.reading import read
from core.reports.code.writing import written
from core.reports.plan import (
    NarrativeBlock,
    PageBreak,
    PlanDatasource,
    PlanOutput,
    PlanScope,
    PlanSection,
    ProseBlock,
    ReportPlan,
    ViewBlock,
    WidgetBlock,
    Window,
)

STAT = WidgetBlock(widget="metric.stat", params={"metric": "commits_count"}, columns=3)
WHOLE = ReportPlan(
    title="Ops: «weekly»",
    description="What happened.",
    window=Window(compare="none", time_zone="Europe/Berlin", start="2026-03-02", end="2026-03-09"),
    theme=ThemeChoice(num_columns=12, series_colors=("#112233",)),
    datasources={"db": PlanDatasource(plugin="sql", args={"driver": "sqlite"}), "w": PlanDatasource(connection="wh")},
    outputs={"files": PlanOutput(plugin="static", args={"output_dir": "out"})},
    sections=(
        PlanSection(blocks=(ProseBlock(markdown="Hello **you**\n\n- one\n- two", columns=12),)),
        PlanSection(
            title="Numbers",
            intro="Read these.",
            blocks=(
                STAT.model_copy(update={"columns": 6}),
                STAT.model_copy(update={"columns": 6}),
                PageBreak(),
                NarrativeBlock(title="In short", about="section", parts=("summary", "concerns"), columns=12),
                ViewBlock(id="total", view="single_stat", title="Total", description="All of it.", columns=4,
                          args={"datasource": "db", "query": "select 1\nwhere 2 > 1"}),
            ),
        ),
        PlanSection(title="Empty"),
    ),
)  # fmt: skip


def back(plan: ReportPlan, folder: Path) -> ReportPlan:
    path = folder / "report.yaml"
    path.write_text(written(plan).text, encoding="utf-8")
    return compiled(read([path]))


def test_a_plan_that_the_format_can_say_comes_back_whole(tmp_path: Path) -> None:
    assert written(WHOLE).lost == ()
    assert back(WHOLE, tmp_path) == WHOLE


@pytest.mark.parametrize(
    ("window", "read_back"),
    [
        (Window(range="last_30_days", compare="none"), Window(compare="none", interval_days=30)),
        (
            Window(range="2026-01-01..2026-01-31", compare="none"),
            Window(compare="none", start="2026-01-01", end="2026-02-01"),
        ),
        (Window(compare="none", interval_days=3, end="2026-01-04"),) * 2,
    ],
)
def test_ranges_become_dates_or_a_number_of_days(tmp_path: Path, window: Window, read_back: Window) -> None:
    plan = WHOLE.model_copy(update={"window": window})

    assert back(plan, tmp_path).window == read_back
    assert written(plan).lost == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"window": Window(range="last_month", compare="none")}, "the range 'last_month'"),
        ({"window": Window(interval_days=7)}, "the comparison with 'period before'."),
        ({"scope": PlanScope(teams=("t1",), names={"t1": "Platform"})}, "that it is narrowed to Platform."),
        ({"scope": PlanScope(include_bots=True)}, "that bots are counted."),
        ({"audience": "Managers"}, "the audience 'Managers'."),
    ],
)
def test_what_the_format_cannot_say_is_named_in_the_file_too(changed: dict[str, Any], said: str) -> None:
    made = written(WHOLE.model_copy(update=changed))

    assert len(made.lost) == 1
    assert made.lost[0].startswith(said)
    assert made.text.startswith(f"# Not said in this file: {made.lost[0]}\n")
