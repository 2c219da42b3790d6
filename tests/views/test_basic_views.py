"""Plot, single stat and table: every argument present, absent, wrong and at its edge, with the figure that it gives."""

# ruff: noqa: DTZ001 - datasources answer in wall time

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from core.datasources.tables import of_columns
from core.documents import wording
from core.figures import Series, State, Unit
from core.views.kinds.plot import Plot
from tests.views.given import VIENNA, WEEK, capped, failure, made, plot, stat, table

DAYS = [date(2026, 3, day) for day in range(2, 9)]
COUNTS = of_columns({"day": DAYS[:3], "total": [3, 1, 4]})
TWO = of_columns({"time": DAYS[:3], "a": [3, 1, 4], "b": [1.5, None, 2.5]})
GROUPS = of_columns(
    {
        "time": [DAYS[0], DAYS[0], DAYS[1], DAYS[2], DAYS[2]],
        "country": ["USA", "Austria", "USA", "USA", "Austria"],
        "client": ["web", "web", "app", "web", "web"],
        "value": [1.0, 3.0, 2.0, 4.0, 5.0],
        "other": [9, 9, 9, 9, 9],
    }
)


def lines(shown: Series) -> dict[str, list[float | None]]:
    return {line.name: line.y for line in shown.lines}


# plot: which column is what


def test_two_columns_are_time_and_value() -> None:
    shown = plot(COUNTS)

    assert shown.mark == "line"
    assert shown.x.kind == "temporal"
    assert shown.lines[0].x == DAYS[:3]
    assert lines(shown) == {"total": [3.0, 1.0, 4.0]}


def test_every_numeric_column_is_a_series_and_a_null_is_a_gap() -> None:
    assert lines(plot(TWO)) == {"a": [3.0, 1.0, 4.0], "b": [1.5, None, 2.5]}


def test_the_time_column_may_stand_anywhere() -> None:
    shown = plot(of_columns({"value": [1, 2], "at": DAYS[:2]}), time_column="at")

    assert shown.lines[0].x == DAYS[:2]
    assert lines(shown) == {"value": [1.0, 2.0]}


def test_without_the_named_column_the_first_is_run_along() -> None:
    assert plot(COUNTS, time_column="nowhere").lines[0].x == DAYS[:3]


def test_a_single_column_runs_along_its_rows() -> None:
    shown = plot(of_columns({"total": [5, 6]}))

    assert (shown.x.kind, shown.lines[0].x) == ("quantitative", [1, 2])


def test_rows_are_put_in_the_order_of_time() -> None:
    shown = plot(of_columns({"time": [DAYS[2], DAYS[0], DAYS[1]], "v": [3, 1, 2]}))

    assert (shown.lines[0].x, lines(shown)["v"]) == (DAYS[:3], [1.0, 2.0, 3.0])


def test_names_keep_the_order_of_the_query() -> None:
    shown = plot(of_columns({"team": ["Web", "Data", None], "v": [3, 9, 1]}), kind="bar")

    assert (shown.x.kind, shown.lines[0].x) == ("nominal", ["Web", "Data", "–"])


def test_columns_without_numbers_are_left_out_and_named() -> None:
    shown = plot(of_columns({"time": DAYS[:2], "v": [1, 2], "who": ["a", "b"], "ok": [True, False]}))

    assert lines(shown) == {"v": [1.0, 2.0]}
    assert shown.note == "Not drawn, since they hold no numbers: 'who', 'ok'."


def test_whole_numbers_count_and_others_measure() -> None:
    assert plot(COUNTS).y.unit is Unit.COUNT
    assert plot(TWO).y.unit is Unit.NUMBER


# plot: time in every shape


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("days", [date(2026, 3, 2)], date(2026, 3, 2)),
        ("days as text", ["2026-03-02"], date(2026, 3, 2)),
        ("midnights are days", [datetime(2026, 3, 2), datetime(2026, 3, 3)], date(2026, 3, 2)),
        ("wall time", [datetime(2026, 3, 2, 9, 30)], datetime(2026, 3, 2, 9, 30, tzinfo=VIENNA)),
        ("text of wall time", ["2026-03-02 09:30:00"], datetime(2026, 3, 2, 9, 30, tzinfo=VIENNA)),
        ("text with T", ["2026-03-02T09:30"], datetime(2026, 3, 2, 9, 30, tzinfo=VIENNA)),
        ("text in UTC", ["2026-03-02T08:30:00Z"], datetime(2026, 3, 2, 9, 30, tzinfo=VIENNA)),
        ("text with an offset", ["2026-03-02T10:30:00+02:00"], datetime(2026, 3, 2, 9, 30, tzinfo=VIENNA)),
        ("instants", [datetime(2026, 3, 2, 8, 30, tzinfo=UTC)], datetime(2026, 3, 2, 9, 30, tzinfo=VIENNA)),
        ("seconds", [1_772_440_200], datetime(2026, 3, 2, 9, 30, tzinfo=VIENNA)),
        ("milliseconds", [1_772_440_200_000], datetime(2026, 3, 2, 9, 30, tzinfo=VIENNA)),
        ("microseconds", [1_772_440_200_000_000], datetime(2026, 3, 2, 9, 30, tzinfo=VIENNA)),
        ("seconds with a part", [1_772_440_200.5], datetime(2026, 3, 2, 9, 30, 0, 500_000, tzinfo=VIENNA)),
        ("instants that are midnights here", [datetime(2026, 3, 1, 23, tzinfo=UTC)], date(2026, 3, 2)),
    ],
)  # fmt: skip
def test_time_is_read_from(name: str, values: list[Any], expected: date) -> None:
    shown = plot(of_columns({"time": values, "v": [1] * len(values)}))

    assert shown.x.kind == "temporal"
    assert shown.lines[0].x[0] == expected
    assert type(shown.lines[0].x[0]) is type(expected)


def test_small_numbers_are_no_time() -> None:
    shown = plot(of_columns({"time": [1, 2, 3], "v": [1, 2, 3]}))

    assert (shown.x.kind, shown.x.label, shown.lines[0].x) == ("quantitative", "time", [1, 2, 3])


def test_large_numbers_are_time_only_where_the_column_is_called_so() -> None:
    assert plot(of_columns({"bytes": [1_772_440_200], "v": [1]})).x.kind == "quantitative"


def test_wall_time_is_that_of_summer_after_the_clocks_change() -> None:
    shown = plot(
        of_columns({"time": [datetime(2026, 3, 29, 1), datetime(2026, 3, 29, 4)], "v": [1, 2]}),
        window=type(WEEK)(
            type(WEEK.period)(datetime(2026, 3, 23, tzinfo=VIENNA), datetime(2026, 3, 30, tzinfo=VIENNA)),
            "Europe/Vienna",
        ),
    )
    first, second = shown.lines[0].x

    assert isinstance(first, datetime)
    assert isinstance(second, datetime)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=2)


def test_x_spans_the_window_whatever_the_data_do() -> None:
    style = plot(COUNTS).style

    assert style is not None
    assert (style.x_from, style.x_to) == (date(2026, 3, 2), date(2026, 3, 9))


def test_rows_outside_of_the_window_are_left_out_and_counted() -> None:
    far = of_columns({"time": [date(2026, 2, 1), DAYS[0], DAYS[1], date(2026, 4, 1)], "v": [9, 1, 2, 9]})

    shown = plot(far)

    assert lines(shown) == {"v": [1.0, 2.0]}
    assert shown.note == "2 rows are outside of the report's days."


def test_the_last_instant_ends_a_line_and_begins_no_bar() -> None:
    edge = of_columns({"time": [DAYS[0], date(2026, 3, 9)], "v": [1, 2]})

    assert lines(plot(edge)) == {"v": [1.0, 2.0]}
    assert plot(edge, kind="bar").lines[0].y[0] == 1.0
    assert plot(edge, kind="bar").note == "1 row is outside of the report's days."


# plot: kinds


@pytest.mark.parametrize(
    ("args", "mark"),
    [
        ({}, "line"),
        ({"kind": "line", "stacked": True}, "area"),
        ({"kind": "bar"}, "bar"),
        ({"kind": "bar", "stacked": True}, "stacked_bar"),
        ({"kind": "scatter"}, "point"),
        ({"kind": "scatter", "stacked": True}, "point"),
        ({"plot_rc": {"lines.linestyle": "none"}}, "point"),
    ],
)
def test_a_kind_is_drawn_as(args: dict[str, Any], mark: str) -> None:
    assert plot(TWO, **args).mark == mark


def test_days_without_a_row_keep_an_empty_place_among_bars() -> None:
    shown = plot(of_columns({"time": [DAYS[0], DAYS[1], DAYS[4]], "v": [1, 2, 3]}), kind="bar")

    assert shown.lines[0].x == DAYS
    assert shown.lines[0].y == [1.0, 2.0, None, None, 3.0, None, None]


def test_bars_of_one_place_are_added_up() -> None:
    shown = plot(of_columns({"team": ["a", "b", "a"], "v": [1, 2, 4]}), kind="bar")

    assert (shown.lines[0].x, shown.lines[0].y) == (["a", "b"], [5.0, 2.0])
    assert shown.note == "Values of the same place are added up."


def test_a_stack_of_lines_counts_what_is_missing_as_zero_and_says_so() -> None:
    shown = plot(TWO, stacked=True)

    assert lines(shown) == {"a": [3.0, 1.0, 4.0], "b": [1.5, 0.0, 2.5]}
    assert shown.note == "A value that is missing counts as zero in the stack."


def test_points_without_a_value_are_no_points() -> None:
    assert lines(plot(TWO, kind="scatter"))["b"] == [1.5, 2.5]


# plot: groups


def test_a_group_is_a_line_with_gaps_where_it_has_no_row() -> None:
    shown = plot(GROUPS, groupby="country")

    assert lines(shown) == {"Austria": [3.0, None, 5.0], "USA": [1.0, 2.0, 4.0]}
    assert shown.note == (
        "Not drawn, since it holds no numbers: 'client'. Of each group, 'value' is drawn, and not 'other'."
    )


def test_a_group_of_bars_is_zero_where_it_has_no_row() -> None:
    shown = plot(GROUPS, groupby="country", kind="bar")

    assert lines(shown)["Austria"][:3] == [3.0, 0.0, 5.0]
    assert shown.mark == "bar"


def test_several_columns_group_together() -> None:
    assert list(lines(plot(GROUPS, groupby=["country", "client"]))) == ["Austria, web", "USA, app", "USA, web"]


def test_groups_that_are_measured_at_times_of_their_own_are_not_torn_apart() -> None:
    hours = [datetime(2026, 3, 2, hour, minute) for hour in range(4) for minute in (0, 30)]
    shown = plot(of_columns({"time": hours, "host": ["a", "b"] * 4, "v": list(range(8))}), groupby="host")

    assert lines(shown) == {"a": [0.0, 2.0, 4.0, 6.0], "b": [1.0, 3.0, 5.0, 7.0]}


def test_groups_of_numbers_are_ordered_as_numbers() -> None:
    years = of_columns({"time": DAYS[:3], "year": [2026, 900, None], "v": [1, 2, 3]})

    assert list(lines(plot(years, groupby="year"))) == ["900", "2026", "–"]


def test_only_the_largest_of_very_many_groups_are_drawn() -> None:
    many = of_columns({"time": [DAYS[0]] * 100, "g": [f"g{i:03}" for i in range(100)], "v": list(range(100))})
    shown = plot(many, groupby="g")

    assert [line.name for line in shown.lines] == [f"g{i:03}" for i in range(60, 100)]
    assert shown.note == "The largest 40 of 100 series are drawn."


# plot: looks


def test_labels_replace_names_also_those_that_yaml_takes_for_numbers() -> None:
    years = of_columns({"time": DAYS[:2], "year": [2025, 2026], "v": [1, 2]})

    assert list(lines(plot(years, groupby="year", label_map={2025: "Last year"}))) == ["Last year", "2026"]
    assert list(lines(plot(TWO, label_map={"a": "Sign-ups"}))) == ["Sign-ups", "b"]


@pytest.mark.parametrize(
    ("args", "style"),
    [
        ({"legend": None}, {"legend": None}),
        ({"legend": False}, {"legend": False}),
        ({"legend": True}, {"legend": True}),
        ({"legend": {"loc": "best"}}, {"legend": True}),
        ({"kind": "bar", "bar_labels": True}, {"bar_labels": True}),
        ({"bar_labels": True}, {"bar_labels": False}),
        ({"xtick_rotation": 45}, {"tick_angle": 45.0}),
        ({"xtick_rotation": "30"}, {"tick_angle": 30.0}),
        ({"xtick_rotation": "vertical"}, {"tick_angle": 90.0}),
        ({"xtick_rotation": "horizontal"}, {"tick_angle": None}),
        ({"plot_rc": {"lines.linewidth": 1}}, {"line_width": 1.0}),
        ({"plot_rc": {"lines.linewidth": 900}}, {"line_width": 20.0}),
        ({"plot_rc": {"lines.marker": "o", "lines.markersize": 4}}, {"marker": True, "marker_size": 4.0}),
        ({"plot_rc": {"lines.marker": "None"}}, {"marker": False}),
        ({"plot_rc": {"axes.grid": True}}, {"grid": True}),
        ({"plot_rc": {"font.size": 13}}, {"font_size": 13.0}),
        ({"plot_rc": {"font.size": 13, "xtick.labelsize": 8}}, {"font_size": 13.0}),
        ({"plot_rc": {"legend.fontsize": "small"}}, {"font_size": pytest.approx(9.13)}),
        ({"plot_rc": {"figure.figsize": [6, 4]}}, {"height": 288.0}),
        ({"plot_rc": {"figure.figsize": "6, 4"}}, {"height": 288.0}),
        ({"plot_rc": {"axes.prop_cycle": "cycler('color', ['#ff0000', 'C1', 'tab:green'])"}},
         {"colours": ["#ff0000", "#ff7f0e", "#2ca02c"]}),
        ({"plot_rc": {"axes.prop_cycle": "cycler(color='rgb')"}}, {"colours": ["#ff0000", "#008000", "#0000ff"]}),
        ({"plot_rc": {"axes.prop_cycle": ["navy", "abc"]}}, {"colours": ["navy", "#abc"]}),
    ],
)  # fmt: skip
def test_a_look_is_settled(args: dict[str, Any], style: dict[str, Any]) -> None:
    found = plot(TWO, **args).style

    assert found is not None
    assert {name: getattr(found, name) for name in style} == style


def test_a_dashed_style_dashes_every_line() -> None:
    assert all(line.dashed for line in plot(TWO, plot_rc={"lines.linestyle": "--"}).lines)


def test_settings_that_change_nothing_are_named() -> None:
    shown = plot(COUNTS, plot_rc={"savefig.dpi": 300, "lines.linewidth": 2}, legend={"ncol": 3})

    assert shown.note == "Changes nothing here: 'plot_rc': 'savefig.dpi', 'legend': 'ncol'."


def test_a_link_is_kept() -> None:
    assert plot(COUNTS, link_url="https://example.org/board").link == "https://example.org/board"


def test_what_is_given_as_null_is_not_given() -> None:
    nothing = dict.fromkeys(
        ("groupby", "link_url", "label_map", "legend", "plot_rc", "query_args", "stacked", "time_column"), None
    )

    assert lines(plot(COUNTS, **nothing)) == {"total": [3.0, 1.0, 4.0]}


def test_arguments_of_the_query_reach_the_datasource() -> None:
    _, source = made("plot", COUNTS, query_args={"parse_dates": ["day"]})

    assert [dict(query.options) for query in source.asked] == [{"parse_dates": ["day"]}]


# plot: nothing to draw


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (of_columns({"time": [], "v": []}), "no data: the query returned no rows."),
        (of_columns({}), "no data: the query returned no rows."),
        (of_columns({"time": DAYS[:2], "v": [None, None]}), "no data: the query returned no values."),
        (of_columns({"time": [date(2020, 1, 1)], "v": [1]}), "no data: there is no row to draw."),
        (of_columns({"time": [None, None], "v": [1, 2]}), "no data: there is no row to draw."),
    ],
)
def test_nothing_to_draw_is_said_and_never_drawn(answer: pa.Table, said: str) -> None:
    shown = plot(answer)

    assert shown.state is State.NO_DATA
    assert not wording.has_values(shown)
    assert wording.empty_text(shown.state, shown.state_text) == said


def test_rows_without_a_time_are_left_out_and_counted() -> None:
    shown = plot(of_columns({"time": [DAYS[0], None, None], "v": [1, 2, 3]}))

    assert lines(shown) == {"v": [1.0]}
    assert shown.note == "2 rows are without 'time'."


def test_what_the_datasource_tells_is_passed_on() -> None:
    assert plot(capped([{"day": DAYS[0], "v": 1}], 9, "Cut at 1 row")).note == "Cut at 1 row."


# plot: many rows


def million() -> pa.Table:
    import numpy as np

    count = 1_000_000
    start = np.datetime64("2026-03-02T00:00:00", "us")
    values = np.sin(np.arange(count) / 50_000) * 10 + 20
    values[654_321] = 99.0
    return pa.table({"time": start + (np.arange(count) * 600_000).astype("timedelta64[us]"), "v": values})


@pytest.mark.parametrize("kind", ["line", "bar", "scatter"])
def test_a_million_rows_become_a_few_thousand_points_with_their_peak(kind: str) -> None:
    shown = plot(million(), kind=kind)

    assert 500 <= len(shown.lines[0].x) <= 4000
    assert 99.0 in shown.lines[0].y
    assert shown.state_text == (
        f"Thinned: {len(shown.lines[0].x):,} points stand for 1,000,000 rows; highest and lowest are kept."
    )


def test_few_rows_are_all_kept() -> None:
    hours = [datetime(2026, 3, 2) + timedelta(minutes=2 * i) for i in range(4000)]
    shown = plot(of_columns({"time": hours, "v": list(range(4000))}))

    assert len(shown.lines[0].x) == 4000
    assert shown.state_text == ""


def test_a_million_names_and_groups_are_bounded() -> None:
    count = 300_000
    names = pa.array([f"n{number}" for number in range(count)])
    many = pa.table({"name": names, "group": names, "v": pa.array(range(count))})

    groups = plot(many, groupby="group")
    bars = plot(many, kind="bar")

    assert [line.name for line in groups.lines] == [f"n{number}" for number in range(299_960, 300_000)]
    assert groups.note == "The largest 40 of 300,000 series are drawn."
    assert len(bars.lines[0].x) == 1000
    assert bars.lines[0].y[-1] == 299_999


def test_columns_of_one_name_are_told_apart() -> None:
    twice = pa.Table.from_arrays([pa.array(DAYS[:2]), pa.array([1, 2]), pa.array([3, 4])], names=["day", "v", "v"])

    assert lines(plot(twice)) == {"v": [1.0, 2.0], "v (2)": [3.0, 4.0]}


def test_of_very_many_columns_the_first_are_drawn() -> None:
    wide = of_columns({"day": DAYS[:1], **{f"c{number}": [number] for number in range(100)}})
    shown = plot(wide)

    assert [line.name for line in shown.lines] == [f"c{number}" for number in range(40)]
    assert shown.note == "The first 40 of 100 series are drawn."


# plot: wrong arguments


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"query": ...}, "'query' is missing."),
        ({"query": ""}, "'query' must not be empty."),
        ({"datasource": ...}, "'datasource' is missing."),
        ({"kind": "pie"}, "'kind' must be line, bar or scatter, not 'pie'."),
        ({"stacked": "maybe"}, "'stacked' must be true or false, not 'maybe'."),
        ({"xtick_rotation": "upright"},
         "'xtick_rotation': 'upright' is no angle. Write degrees, vertical or horizontal."),
        ({"link_url": "javascript:alert(1)"},
         "'link_url': 'javascript:alert(1)' is no web address. Begin it with https://."),
        ({"label_map": ["a"]}, "'label_map' must hold keys and values."),
        ({"plot_rc": []}, "'plot_rc' must hold keys and values."),
        ({"group_by": "country"}, "there is no argument named 'group_by'. Did you mean 'groupby'?"),
    ],
)  # fmt: skip
def test_a_wrong_argument_of_a_plot_is_told(args: dict[str, Any], said: str) -> None:
    assert failure("plot", COUNTS, **args) == f"Sign-ups: The view 'v' (plot): {said}"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"groupby": "contry"},
         "The query returned no column named 'contry' to group by. Did you mean 'country'?"
         " Its columns are 'time', 'country', 'client', 'value', 'other'."),
        ({"plot_rc": {"lines.linewidth": "thick"}}, "'plot_rc': 'lines.linewidth' cannot be 'thick'. Write a number."),
        ({"plot_rc": {"axes.grid": "yes"}}, "'plot_rc': 'axes.grid' cannot be 'yes'. Write true or false."),
        ({"plot_rc": {"lines.linestyle": "wavy"}},
         "'plot_rc': 'lines.linestyle' cannot be 'wavy'. Write solid, dashed, dashdot, dotted or none."),
        ({"plot_rc": {"axes.prop_cycle": ["#12"]}},
         "'plot_rc': 'axes.prop_cycle' cannot be ['#12']. '#12' is no colour. Write it as #0072B2."),
        ({"plot_rc": {"figure.figsize": [6]}},
         "'plot_rc': 'figure.figsize' cannot be [6]. Write width and height in inches: [6, 3]."),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_answer_is_told(args: dict[str, Any], said: str) -> None:
    assert failure("plot", GROUPS, **args) == f"Sign-ups: {said}"


def test_an_answer_without_numbers_is_told() -> None:
    words = of_columns({"time": DAYS[:1], "who": ["a"]})

    assert failure("plot", words) == (
        "Sign-ups: The query returned no column of numbers to draw. Its columns are 'time', 'who'."
    )


def test_a_subclass_may_change_the_finished_figure() -> None:
    class Doubled(Plot):
        def post_plot(self, figure: Series, table: pa.Table) -> Series:
            return figure.model_copy(update={"note": f"{table.num_rows} rows"})

    from core.datasources import Desk
    from core.documents.choice import ThemeChoice
    from core.views.view import Face
    from tests.views.given import Given

    desk = Desk(WEEK, {"db": lambda window: Given({"q": COUNTS}, window)})
    view = Doubled(Face("v"), Doubled.Args(datasource="db", query="q"), desk, ThemeChoice())

    assert view.draw().note == "3 rows"


# single stat


@pytest.mark.parametrize(
    ("columns", "args", "text"),
    [
        ({"n": [1204]}, {}, "1,204"),
        ({"n": [-1204.5]}, {"precision": 1}, "−1,204.5"),
        ({"n": [1204]}, {"label": "{stat!s}"}, "1204"),
        ({"n": [1, 2, 3]}, {}, "6"),
        ({"day": ["a", "b"], "n": [2, 3], "m": [90, 90]}, {}, "5"),
        ({"n": [9007199254740993]}, {}, "9,007,199,254,740,993"),
        ({"n": [0.5]}, {}, "0"),
        ({"n": [1.5]}, {}, "2"),
        ({"n": [2.5]}, {}, "2"),
        ({"n": [-0.4]}, {}, "0"),
        ({"n": [12.345]}, {"precision": 1}, "12.3"),
        ({"n": [12]}, {"precision": 2}, "12.00"),
        ({"n": [12.345]}, {"precision": -3}, "12"),
        ({"n": [12.345]}, {"precision": None}, "12"),
        ({"n": [Decimal("1.25"), Decimal("2.25")]}, {"precision": 2}, "3.50"),
        ({"n": ["12", "30"]}, {}, "42"),
        ({"n": [3, None, 4]}, {}, "7"),
        ({"n": [3.5, float("nan")]}, {"precision": 1}, "3.5"),
        ({"n": [True, True, False]}, {}, "2"),
        ({"n": [1204]}, {"label": "{stat:,} people"}, "1,204 people"),
        ({"n": [1204.56]}, {"label": "{stat:,.1f}"}, "1,204.6"),
        ({"n": [1204.56]}, {"label": "{stat:,}", "precision": 2}, "1,204.56"),
        ({"n": [0.256]}, {"label": "{stat:.0%}"}, "26%"),
        ({"n": [7.9]}, {"label": "{stat:05d}", "precision": 1}, "00008"),
        ({"n": [5]}, {"label": "{stat:>3}|"}, "5|"),
        ({"n": [5]}, {"label": "{{{stat}}}"}, "{5}"),
        ({"n": [5]}, {"label": "all is well"}, "all is well"),
    ],
)
def test_a_number_is_read_as(columns: dict[str, list[Any]], args: dict[str, Any], text: str) -> None:
    assert stat(of_columns(columns), **args).text == text


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (of_columns({"n": []}), "No data: the query returned no rows."),
        (of_columns({}), "No data: the query returned no rows."),
        (of_columns({"n": [None]}), "No data: the query returned no value."),
    ],
)
def test_no_number_shows_zero_and_says_no_data_beside_it(answer: pa.Table, said: str) -> None:
    shown = stat(answer)

    assert (shown.value, shown.text, shown.state) == (0, "0", State.NO_DATA)
    assert wording.remark(shown).lower() == said.lower()


@pytest.mark.parametrize(
    ("now", "before", "kind", "value", "text", "versus"),
    [
        (12, 10, "raw", 2, "+2", "vs 10"),
        (10, 12, "raw", -2, "−2", "vs 12"),
        (10, 10, "raw", 0, "no change", "vs 10"),
        (12, 0, "raw", 12, "+12", "vs 0"),
        (12, 10, "percent", 0.2, "+20.0 %", "vs 10"),
        (9, 12, "percent", -0.25, "−25.0 %", "vs 12"),
        (10, 10, "percent", 0, "no change", "vs 10"),
        (-5, -10, "percent", 0.5, "+50.0 %", "vs −10"),
        (0, 8, "percent", -1, "−100.0 %", "vs 8"),
        (1204, 1071, "percent", 133 / 1071, "+12.4 %", "vs 1,071"),
        (12040, 1071, "raw", 10969, "+10,969", "vs 1,071"),
        (99000, 1000, "percent", 98, "+9,800.0 %", "vs 1,000"),
    ],
)
def test_a_difference_is_told(now: int, before: int, kind: str, value: float, text: str, versus: str) -> None:
    shown = stat(
        {"q": of_columns({"n": [now]}), "c": of_columns({"n": [before]})}, comparison_query="c", comparison_type=kind
    )

    assert shown.change is not None
    assert (shown.change.value, shown.change.text, shown.change.versus) == (value, text, versus)
    assert shown.change.relative is (kind == "percent")
    assert shown.change.good is None


@pytest.mark.parametrize(
    ("now", "before", "kind", "said"),
    [
        ([12], [0], "percent", "No percentage: the number to compare with is 0."),
        ([12], [], "raw", "Not compared: the comparison query returned no rows."),
        ([12], [None], "percent", "Not compared: the comparison query returned no value."),
        ([], [3], "raw", "Not compared: the query returned no rows."),
    ],
)
def test_where_nothing_can_be_compared_the_reason_is_said(
    now: list[int], before: list[int], kind: str, said: str
) -> None:
    shown = stat(
        {"q": of_columns({"n": now}), "c": of_columns({"n": before})}, comparison_query="c", comparison_type=kind
    )

    assert shown.change is None
    assert shown.note == said


def test_a_comparison_says_when_it_was_and_which_way_is_good() -> None:
    given = {"q": of_columns({"n": [9]}), "c": of_columns({"n": [12]})}
    args = {"comparison_query": "c", "comparison_type": "percent", "comparison_label": "the day before"}

    found = [stat(given, **args, better=better).change for better in ("higher", "lower", "neither")]

    assert [(one.versus, one.good) for one in found if one] == [
        ("vs 12, the day before", False), ("vs 12, the day before", True), ("vs 12, the day before", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "before", "kind", "said"),
    [
        (131, 100, "percent", "Flagged: it changed by more than 30 %."),
        (130, 100, "percent", ""),
        (69, 100, "raw", "Flagged: it changed by more than 30 %."),
        (70, 100, "raw", ""),
        (7, 0, "raw", ""),
    ],
)
def test_a_number_that_moved_far_is_flagged(now: int, before: int, kind: str, said: str) -> None:
    shown = stat(
        {"q": of_columns({"n": [now]}), "c": of_columns({"n": [before]})},
        comparison_query="c", comparison_type=kind, flag_at=0.3,
    )  # fmt: skip

    assert shown.note == said


def test_a_comparison_has_arguments_of_its_own() -> None:
    numbers = of_columns({"n": [1]})
    _, source = made("single_stat", {"q": numbers, "c": numbers}, query_args={"a": 1},
                     comparison_query="c", comparison_query_args={"b": 2})  # fmt: skip

    assert sorted((query.text, dict(query.options)) for query in source.asked) == [("c", {"b": 2}), ("q", {"a": 1})]


def test_a_label_may_hold_links_and_emphasis() -> None:
    shown = stat(of_columns({"n": [7]}), label='<b>{stat}</b> <a href="https://example.org">More</a>\n')

    assert shown.text == "7 More"
    assert shown.html == '<b>7</b> <a href="https://example.org" rel="noopener noreferrer">More</a>'


@pytest.mark.parametrize(
    ("label", "text", "html"),
    [
        ("{stat}<script>alert(1)</script>", "7", ""),
        ('<a href="javascript:alert(1)">{stat}</a>', "7", '<a rel="noopener noreferrer">7</a>'),
        ('<b onclick="x()" style="color:red">{stat}</b>', "7", "<b>7</b>"),
        ('<img src="https://example.org/x.png">{stat}', "7", ""),
        ("{stat}<br>of 9", "7 of 9", "7<br>of 9"),
        ("{stat} < 9 &amp; more", "7 < 9 & more", ""),
    ],
)
def test_nothing_in_a_label_can_run_or_load(label: str, text: str, html: str) -> None:
    shown = stat(of_columns({"n": [7]}), label=label)

    assert (shown.text, shown.html) == (text, html)


def test_a_stat_keeps_its_link() -> None:
    assert stat(of_columns({"n": [1]}), link_url="http://example.org").link == "http://example.org"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"label": "{stat.real}"},
         "'label': '{stat.real}' is nothing that can be shown. Write {stat}, or a brace of your own twice."),
        ({"label": "{value}"},
         "'label': '{value}' is nothing that can be shown. Write {stat}, or a brace of your own twice."),
        ({"label": "{stat:{stat}}"},
         "'label': '{stat}' is nothing that can be shown. Write {stat}, or a brace of your own twice."),
        ({"label": "{stat"},
         "'label': '{stat' cannot be read (expected '}' before end of string). Write a brace of your own twice: {{."),
        ({"label": "{stat:what}"}, "'label': '{stat:what}' is no format of a number. Write one as {stat:,.1f}."),
        ({"precision": "two"},
         "'precision' must be a whole number, not 'two'."),
        ({"precision": 99}, "'precision' must be 12 or less, not '99'."),
        ({"comparison_type": "ratio"}, "'comparison_type' must be raw or percent, not 'ratio'."),
        ({"query": ...}, "'query' is missing."),
        ({"labels": "{stat}"}, "there is no argument named 'labels'. Did you mean 'label'?"),
    ],
)  # fmt: skip
def test_a_wrong_argument_of_a_stat_is_told(args: dict[str, Any], said: str) -> None:
    assert failure("single_stat", of_columns({"n": [1]}), **args) == f"Sign-ups: The view 'v' (single_stat): {said}"


@pytest.mark.parametrize(
    ("columns", "shown", "name"),
    [({"n": ["many"]}, "many", "n"), ({"n": [1], "who": ["Zoë"]}, "Zoë", "who"), ({"d": DAYS[:1]}, "2026-03-02", "d")],
)
def test_words_where_a_number_is_needed_are_told(columns: dict[str, list[Any]], shown: str, name: str) -> None:
    assert failure("single_stat", of_columns(columns)) == (
        f"Sign-ups: The query returned '{shown}' in the column '{name}' where a number is needed."
        " Select the number alone, or as the second column."
    )


# table


def test_columns_keep_their_kinds_and_their_headings() -> None:
    shown = table(
        of_columns(
            {
                "Day": DAYS[:1],
                "Daily total": [1204],
                "Mean": [3.25],
                "Seen": [datetime(2026, 3, 2, 9, 30)],
                "Page": ["https://example.org/a"],
                "Name": ["Zoë"],
                "Paid": [True],
                "user_id": [1204],
            }
        )
    )

    assert [(col.label, col.kind) for col in shown.cols] == [
        ("Day", "date"), ("Daily total", "integer"), ("Mean", "decimal"), ("Seen", "moment"), ("Page", "link"),
        ("Name", "text"), ("Paid", "text"), ("user_id", "text"),
    ]  # fmt: skip
    assert shown.rows == [
        [DAYS[0], 1204, 3.25, datetime(2026, 3, 2, 9, 30, tzinfo=VIENNA), "https://example.org/a", "Zoë", "yes", "1204"]
    ]


@pytest.mark.parametrize(
    ("values", "kind", "cells"),
    [
        ([1, None], "integer", ["1", "–"]),
        ([1.5, None, 2.0], "decimal", ["1.5", "–", "2.0"]),
        ([0.1 + 0.2], "decimal", ["0.3"]),
        ([1234.5678], "decimal", ["1,234.57"]),
        ([-1.25], "decimal", ["−1.25"]),
        ([1e9 + 0.5], "decimal", ["1,000,000,000"]),
        ([1e-9], "decimal", ["0.000000"]),
        ([float("nan"), 2.0], "decimal", ["–", "2"]),
        ([Decimal("1.10"), Decimal("2.25")], "decimal", ["1.10", "2.25"]),
        ([None, None], "text", ["–", "–"]),
        (["a", ""], "text", ["a", ""]),
        (["https://example.org", None], "link", ["https://example.org", "–"]),
        (["https://example.org", "none yet"], "text", ["https://example.org", "none yet"]),
        (["javascript:alert(1)"], "text", ["javascript:alert(1)"]),
        ([datetime(2026, 3, 2), datetime(2026, 3, 3)], "date", ["2 Mar 2026", "3 Mar 2026"]),
        ([datetime(2026, 3, 2, 8, 30, tzinfo=UTC)], "moment", ["2 Mar 2026 09:30"]),
        ([timedelta(hours=30)], "text", ["1 day, 6:00:00"]),
        ([b"caf\xc3\xa9"], "text", ["café"]),
        ([{"a": [1, 2]}], "text", ['{"a": [1, 2]}']),
        ([True, None, False], "text", ["yes", "–", "no"]),
    ],
)
def test_a_cell_is_read_as(values: list[Any], kind: str, cells: list[str]) -> None:
    shown = table(of_columns({"v": values}))

    assert shown.cols[0].kind == kind
    assert [wording.cell_text(shown.cols[0], row[0]) for row in shown.rows] == cells


def test_ten_rows_are_shown_and_all_are_counted() -> None:
    shown = table(of_columns({"n": list(range(1204))}))

    assert [row[0] for row in shown.rows] == list(range(10))
    assert wording.rows_text(shown, 1000) == "10 of 1,204 rows"


def test_a_count_of_the_datasource_is_told() -> None:
    shown = table(capped([{"n": 1}, {"n": 2}], 1204), max_rows=2)

    assert wording.rows_text(shown, 1000) == "2 of 1,204 rows"


def test_no_more_rows_are_asked_for_than_are_shown() -> None:
    _, source = made("table", COUNTS, max_rows=2)

    assert [query.rows for query in source.asked] == [2]


def test_as_many_rows_as_there_are_need_no_line() -> None:
    assert wording.rows_text(table(COUNTS, max_rows=3), 1000) == ""


def test_no_rows_keep_the_headings_and_say_so() -> None:
    shown = table(of_columns({"Day": [], "Total": []}))

    assert [col.label for col in shown.cols] == ["Day", "Total"]
    assert wording.empty_text(shown.state, shown.state_text) == "No rows."


def test_columns_are_called_as_their_labels_say_and_stay_what_they_are() -> None:
    labels = {"newUsers": "New users", "user_id": "User", 2026: "This year", "nobody": "X"}
    shown = table(of_columns({"newUsers": [1204], "user_id": [1204], "2026": [1.5], "sessions": [3]}), label_map=labels)

    assert [col.label for col in shown.cols] == ["New users", "User", "This year", "sessions"]
    assert [col.kind for col in shown.cols] == ["integer", "text", "decimal", "integer"], "an id is read without commas"


def test_two_columns_of_one_name_are_both_shown() -> None:
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["n", "n"])

    assert table(twice).rows == [[1, 2]]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"max_rows": 0}, "'max_rows' must be 1 or more, not '0'."),
        ({"label_map": ["n"]}, "'label_map' must hold keys and values."),
        ({"max_rows": "many"}, "'max_rows' must be a whole number, not 'many'."),
        ({"max_row": 5}, "there is no argument named 'max_row'. Did you mean 'max_rows'?"),
        ({"query": ...}, "'query' is missing."),
        ({"query_args": "x"}, "'query_args' must hold keys and values."),
    ],
)
def test_a_wrong_argument_of_a_table_is_told(args: dict[str, Any], said: str) -> None:
    assert failure("table", COUNTS, **args) == f"Sign-ups: The view 'v' (table): {said}"
