"""Charts as specifications, as data and as pictures."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from core.documents import charts, networks, wording
from core.documents.theme import DARK, LIGHT
from core.figures import Axis, Line, Network, Node, Series, Unit
from tests.documents import sample

MARKS = [sample.trend, sample.band, sample.area, sample.bars, sample.stacked, sample.lying, sample.points, sample.heat]


@pytest.mark.parametrize("make", MARKS, ids=lambda make: make.__name__)
def test_every_mark_is_drawn_without_a_browser(make):
    series = make()

    assert charts.svg(series, LIGHT, 640).startswith("<svg")
    assert charts.png(series, DARK, 320)[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("make", MARKS, ids=lambda make: make.__name__)
def test_a_specification_is_plain_json_without_data(make):
    spec = charts.spec(make())

    assert json.loads(json.dumps(spec)) == spec
    assert "data" not in spec


def test_a_gap_is_a_gap_in_the_data_and_never_zero():
    table = charts.table(sample.trend()).to_pylist()
    now = [row["y"] for row in table if row["series"] == "This period"]

    assert now[9] is None
    assert now[11] is not None
    assert 0 not in now


def test_a_line_is_broken_at_its_gaps():
    drawn = json.dumps(charts.spec(sample.trend()))

    assert "break-paths" in drawn
    assert re.findall(r'd="([^"]+)" fill="none" stroke="#0072B2"', charts.svg(sample.trend()))[0].count("M") == 3


def test_the_same_chart_is_built_once():
    assert charts.spec(sample.trend()) is charts.spec(sample.trend())
    assert charts.table(sample.trend()) is charts.table(sample.trend())


def test_a_note_does_not_make_another_chart():
    noted = sample.trend().model_copy(update={"note": "other", "provenance": []})

    assert charts.table(noted) is charts.table(sample.trend())


def test_dates_are_drawn_as_they_stand_in_every_zone():
    table = charts.table(sample.trend())

    assert table.schema.field("x").type == pa.timestamp("ms", "UTC")
    assert table.column("x")[0].as_py() == datetime(2026, 2, 9, tzinfo=UTC)
    assert charts.spec(sample.trend())["encoding"]["x"]["scale"]["type"] == "utc"


def test_tooltips_say_numbers_as_the_house_says_them():
    table = charts.table(sample.band()).to_pylist()

    assert [row["y_text"] for row in table][:5] == ["40.0 h", "52.5 h", "61.0 h", "–", "3.8 d"]
    assert table[0]["at_text"] == "1 Dec 2025"


def test_hours_beyond_three_days_are_drawn_in_days():
    assert charts.table(sample.band()).column("y")[0].as_py() == pytest.approx(40 / 24)
    assert "' d'" in json.dumps(charts.spec(sample.band()))


def test_ratios_are_marked_in_percent():
    assert "100 %" in charts.svg(sample.area())


def test_a_comparison_is_dashed():
    assert "stroke-dasharray" in charts.svg(sample.trend())


def test_long_labels_are_shown_whole():
    name = sample.lying().lines[0].x[0]
    lines = wording.wrapped(str(name)).split("\n")

    assert "".join(lines) == name
    assert all(line in charts.svg(sample.lying(), LIGHT, 420) for line in lines)


def test_a_heat_map_keeps_the_order_of_days_and_hours():
    spec = charts.spec(sample.heat())

    assert spec["encoding"]["y"]["scale"]["domain"] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert spec["encoding"]["x"]["scale"]["domain"][:3] == ["00", "01", "02"]


def test_a_scale_knows_its_ends_before_its_numbers_arrive():
    drawn = [figure for figure in sample.every_figure() if isinstance(figure, Series) and figure.lines]
    unknown = [
        (figure.title, channel)
        for figure in drawn
        for layer in charts.spec(figure).get("layer", [charts.spec(figure)])
        for channel, how in layer["encoding"].items()
        if channel in ("x", "y", "color")
        and how["type"] in ("quantitative", "temporal")
        and "domain" not in how["scale"]
    ]

    assert len({figure.mark for figure in drawn}) == 7
    assert unknown == []


def test_a_scale_holds_zero_every_number_and_every_stack():
    ends = {
        figure.title: charts.spec(figure)["encoding"]["y"]["scale"]["domain"]
        for figure in (sample.trend(), sample.stacked(), sample.area())
    }
    band = charts.spec(sample.band())["layer"][1]["encoding"]

    assert ends["Commits a day"] == [0, 30]
    assert ends["Lines by team and language"] == [0, 22300], "22,000 and 300 of one team"
    assert ends["Share of work by kind"] == [0, pytest.approx(1)]
    assert band["y"]["scale"]["domain"] == [0, 96 * 1.7 / 24], "the band's upper edge, in days"
    assert band["x"]["scale"]["domain"] == ["2025-12-01T00:00:00Z", "2026-02-16T00:00:00Z"]


def test_a_line_of_zeros_lies_at_the_bottom():
    flat = Series(lines=[Line(name="Commits", x=list(sample.DAYS[:2]), y=[0, 0])])

    assert charts.spec(flat)["encoding"]["y"]["scale"]["domain"] == [0, 1]


def test_names_in_many_scripts_are_drawn():
    drawn = charts.svg(sample.lying(), LIGHT, 420)

    assert "Отчёт" in drawn


def test_text_of_strangers_cannot_become_part_of_the_drawing():
    line = Line(name="</text><script>alert(1)</script>", x=["a<b"], y=[1.0])
    drawn = charts.svg(Series(mark="bar", x=Axis(kind="nominal"), lines=[line, line.model_copy(update={"name": "b"})]))

    assert "<script>" not in drawn


def test_a_chart_of_one_point_is_drawn():
    series = Series(y=Axis(unit=Unit.COUNT), lines=[Line(name="a", x=[date(2026, 3, 2)], y=[3.0])])

    assert charts.svg(series).startswith("<svg")


def test_a_chart_says_itself_in_a_sentence():
    said = wording.describe(sample.band())

    assert said == "Chart of Lead time, middle half. Median: 40.0 h to 4.0 d, last 49.0 h."


def test_a_small_network_is_drawn_and_a_ball_of_wool_is_not():
    many = Network(nodes=[Node(id=str(i), label=str(i)) for i in range(networks.MOST_NODES + 1)])

    assert "Zoë Müller" in networks.svg(sample.network())
    assert not networks.drawable(many)


def test_a_map_of_zeros_is_pale() -> None:
    hours = Series(mark="heatmap", x=Axis(kind="ordinal"), lines=[Line(name="Monday", x=["09", "10"], y=[0, 0])])

    assert charts.spec(hours)["encoding"]["color"]["scale"]["domain"] == [0, 1]
