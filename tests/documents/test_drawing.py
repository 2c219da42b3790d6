"""The drawer of charts: round numbers, times at every scale, nothing cut, nothing upon another, no engine started."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import etree
from PIL import Image, ImageChops

from core.documents import Document, Section, axes, charts, pictures, render, tables
from core.documents.drawing import ink, labels, numbers, text, times
from core.documents.drawing.thinning import thinned
from core.documents.theme import DARK, LIGHT, Theme, contrast, mixed
from core.figures import Axis, Line, PointMark, Series, SeriesStyle, Unit
from tests.documents import sample
from tests.documents.zoo import VIENNA, ZOO, daily, named, several, walk

RULE = "{http://www.w3.org/2000/svg}line"
DOT = "{http://www.w3.org/2000/svg}circle"
SVG = "{http://www.w3.org/2000/svg}"
MARKS = ["line", "area", "bar", "stacked_bar", "point"]


def drawn(series: Series, width: float = 640) -> etree._Element:
    return etree.fromstring(charts.svg(series, LIGHT, width).encode())


def words(root: etree._Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


# numbers


@pytest.mark.parametrize(
    ("low", "high", "most", "least", "at"),
    [
        (0, 30, 8, 0, (0, 5, 10, 15, 20, 25, 30)),
        (0, 14, 8, 0, (0, 2, 4, 6, 8, 10, 12, 14)),
        (0, 0.37, 5, 0, (0, 0.1, 0.2, 0.3, 0.4)),
        (0, 3, 8, 1, (0, 1, 2, 3)),
        (0, 3, 8, 0, (0, 0.5, 1, 1.5, 2, 2.5, 3)),
        (-8, 5, 8, 0, (-8, -6, -4, -2, 0, 2, 4, 6)),
        (0, 0, 8, 0, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        (0, 0, 8, 1, (0, 1)),
        (0, 1234567, 4, 0, (0, 500000, 1000000, 1500000)),
        (0, 3e-7, 3, 0, (0, 1e-7, 2e-7, 3e-7)),
        (990, 1010, 4, 0, (990, 995, 1000, 1005, 1010)),
        (7, 7, 4, 0, (0, 2, 4, 6, 8)),
    ],
)
def test_a_side_is_marked_at_round_numbers(low: float, high: float, most: int, least: float, at: tuple) -> None:
    assert numbers.ticks(low, high, most, least).at == at


@pytest.mark.parametrize(
    ("value", "step", "unit", "said"),
    [
        (5, 5, Unit.COUNT, "5"),
        (1200, 200, Unit.COUNT, "1,200"),
        (12000, 2000, Unit.COUNT, "12,000"),
        (80000, 20000, Unit.COUNT, "80,000"),
        (100_000, 20000, Unit.COUNT, "100,000"),
        (120_000, 20000, Unit.COUNT, "120 k"),
        (4000, 1000, Unit.COUNT, "4,000"),
        (4000, 4000, Unit.COUNT, "4,000"),
        (500, 500, Unit.LINES, "500"),
        (1.5e6, 5e5, Unit.NUMBER, "1.5 M"),
        (2e9, 1e9, Unit.NUMBER, "2 B"),
        (0.25, 0.05, Unit.SCORE, "0.25"),
        (0.2, 0.05, Unit.SCORE, "0.2"),
        (0.2, 0.1, Unit.RATIO, "20 %"),
        (0.005, 0.005, Unit.RATIO, "0.5 %"),
        (1.5, 0.5, Unit.HOURS, "1.5 h"),
        (3, 1, Unit.DAYS, "3 d"),
        (-20, 10, Unit.NUMBER, "−20"),
        (3.5e-6, 5e-7, Unit.NUMBER, "3.5e−6"),
        (0, 1e9, Unit.NUMBER, "0"),
        (0, 0.1, Unit.RATIO, "0 %"),
    ],
)
def test_a_mark_says_its_number(value: float, step: float, unit: Unit, said: str) -> None:
    assert numbers.said(value, numbers.Ticks(0, max(value, 4 * step), (), step), unit) == said


@pytest.mark.parametrize(
    ("largest", "unit", "said"),
    [
        (0.37, Unit.SCORE, "0.2"),
        (14, Unit.COUNT, "10"),
        (9_800, Unit.COUNT, "8,000"),
        (24_000, Unit.COUNT, "20,000"),
        (98_000, Unit.LINES, "100,000"),
        (98_000, Unit.LINES, "60,000"),
        (-24_000, Unit.LINES, "−20,000"),
        (240_000, Unit.COUNT, "200 k"),
        (240_000, Unit.COUNT, "50 k"),
        (-240_000, Unit.NUMBER, "−200 k"),
        (3_100_000, Unit.NUMBER, "2.5 M"),
        (3_100_000, Unit.NUMBER, "500 k"),
        (4.2e9, Unit.NUMBER, "3 B"),
        (7e12, Unit.NUMBER, "6 T"),
        (0.31, Unit.RATIO, "30 %"),
        (60, Unit.RATIO, "4,000 %"),
        (2_400, Unit.DAYS, "2,000 d"),
        (72_000, Unit.HOURS, "2,000 d"),
    ],
)
def test_a_page_says_the_numbers_of_a_scale_as_a_file_does(largest: float, unit: Unit, said: str) -> None:
    xs = list(sample.DAYS[:4])
    series = Series(lines=[Line(name="a", x=xs, y=[0, largest / 2, largest / 3, largest])], y=Axis(unit=unit))
    spec = {**charts.spec(series, LIGHT, 464), "config": pictures.config(LIGHT)}
    page = pictures.svg({**spec, "data": {"values": json.loads(json.dumps(charts.rows(series), default=str))}})

    assert f">{said}</text>" in page
    assert said in words(drawn(series))


def test_a_page_says_what_stacks_add_up_to() -> None:
    teams = ["Platform", "Mobile"]
    lines = [Line(name=name, x=list(teams), y=[80_000, 60_000]) for name in ("a", "b")]
    series = Series(mark="stacked_bar", x=Axis(kind="nominal"), y=Axis(unit=Unit.COUNT), lines=lines)

    spec = {**charts.spec(series, LIGHT, 464), "config": pictures.config(LIGHT)}
    page = pictures.svg({**spec, "data": {"values": charts.rows(series)}})

    assert ">100 k</text>" in page
    assert "100 k" in words(drawn(series))


def test_numbers_across_are_said_as_those_upwards() -> None:
    series = Series(x=Axis(kind="quantitative"), lines=[Line(name="a", x=[0, 24_000, 240_000], y=[1, 2, 3])])
    spec = {**charts.spec(series, LIGHT, 464), "config": pictures.config(LIGHT)}
    page = pictures.svg({**spec, "data": {"values": charts.rows(series)}})

    assert ">100 k</text>" in page
    assert "100 k" in words(drawn(series))


def test_hours_are_said_in_days_where_they_are_many() -> None:
    assert "4 d" in words(drawn(sample.band()))


# times


@pytest.mark.parametrize(
    ("first", "last", "most", "said"),
    [
        ("2026-03-02T09:07:00", "2026-03-02T09:08:00", 5, "09:07:00/2 Mar 2026 09:07:15 09:07:30 09:07:45 09:08:00"),
        ("2026-03-02T09:07:00", "2026-03-02T09:31:00", 6, "09:10/2 Mar 2026 09:15 09:20 09:25 09:30"),
        ("2026-03-02T09:07:00", "2026-03-02T13:31:00", 6, "10:00/2 Mar 2026 11:00 12:00 13:00"),
        ("2026-03-02T20:00:00", "2026-03-03T09:00:00", 6, "21:00/2 Mar 2026 00:00/3 Mar 2026 03:00 06:00 09:00"),
        ("2026-03-02T00:00:00", "2026-03-09T00:00:00", 8, "2 Mar 3 Mar 4 Mar 5 Mar 6 Mar 7 Mar 8 Mar 9 Mar"),
        ("2026-03-03T00:00:00", "2026-04-01T00:00:00", 6, "9 Mar 16 Mar 23 Mar 30 Mar"),
        ("2025-12-20T00:00:00", "2026-01-20T00:00:00", 6, "22 Dec/2025 29 Dec 5 Jan/2026 12 Jan 19 Jan"),
        ("2025-11-15T00:00:00", "2026-03-15T00:00:00", 5, "Dec/2025 Jan/2026 Feb Mar"),
        ("2024-05-01T00:00:00", "2026-05-01T00:00:00", 5, "Jul/2024 Jan/2025 Jul Jan/2026"),
        ("2019-05-01T00:00:00", "2026-05-01T00:00:00", 7, "2020 2021 2022 2023 2024 2025 2026"),
        ("1850-05-01T00:00:00", "2026-05-01T00:00:00", 5, "1850 1900 1950 2000"),
    ],
)  # fmt: skip
def test_time_is_marked_at_every_scale(first: str, last: str, most: int, said: str) -> None:
    low, high = (datetime.fromisoformat(end).replace(tzinfo=VIENNA).timestamp() for end in (first, last))
    way = next(way for way in times.choices(low, high, VIENNA) if 0 < len(way) <= most)

    assert " ".join(tick.text + (f"/{tick.below}" if tick.below else "") for tick in way).removeprefix("1850 ") == (
        said.removeprefix("1850 ")
    )


def test_days_stay_days_when_the_clocks_change() -> None:
    low, high = (datetime(2026, 3, day, tzinfo=VIENNA).timestamp() for day in (28, 31))
    way = next(way for way in times.choices(low, high, VIENNA) if len(way) == 4)

    assert [tick.text for tick in way] == ["28 Mar", "29 Mar", "30 Mar", "31 Mar"]
    assert [round((b.at - a.at) / 3600) for a, b in pairwise(way)] == [24, 23, 24]


def test_an_hour_that_is_left_out_is_not_marked() -> None:
    low, high = (datetime(2026, 3, 29, hour, tzinfo=VIENNA).timestamp() for hour in (0, 6))
    hourly = next(way for way in times.choices(low, high, VIENNA) if len(way) == 6)

    assert [tick.text for tick in hourly] == ["00:00", "01:00", "03:00", "04:00", "05:00", "06:00"]


def test_the_clock_is_that_of_the_documents_zone() -> None:
    moments = [datetime(2026, 3, 2, hour, tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo")) for hour in range(6)]
    series = Series(lines=[Line(name="a", x=list(moments), y=walk(6))])

    assert "09:00" in words(drawn(series))
    assert "00:00" not in words(drawn(series))


def test_weeks_are_marked_where_the_data_stand() -> None:
    saturdays = [date(2026, 1, 3) + timedelta(weeks=number) for number in range(8)]
    series = Series(lines=[Line(name="a", x=list(saturdays), y=walk(8))])

    assert [word for word in words(drawn(series)) if "Jan" in word] == ["3 Jan", "10 Jan", "17 Jan", "24 Jan", "31 Jan"]


# letters


@pytest.mark.parametrize("said", ["Commits a day", "Ελλάς", "Отчёт", "1,204 %", "WWWiii", "−3.5e−6"])
def test_words_are_as_wide_as_the_font_says(said: str) -> None:
    from reportlab.pdfbase import pdfmetrics

    from core.documents.renderers import pdf_fonts
    from core.documents.theme import FONT

    pdf_fonts.registered()

    assert text.width(said, 11) / text.WIDER == pytest.approx(pdfmetrics.stringWidth(said, FONT, 11), rel=1e-3)


def test_letters_of_other_fonts_have_a_width_too() -> None:
    assert text.width("名", 10) > text.width("n", 10) > 0


# nothing cut, nothing upon another


Box = tuple[float, float, float, float]


def boxes(root: etree._Element) -> Iterator[tuple[str, Box, bool]]:
    """Every text with the room that it takes, and whether it is turned."""
    for element in root.iter(f"{SVG}text"):
        size, x, y = (float(element.get(name)) for name in ("font-size", "x", "y"))
        wide = text.width(element.text or "", size) / text.WIDER
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "start")]
        yield element.text or "", (left, y - size * 0.7, left + wide, y + size * 0.1), bool(element.get("transform"))


@pytest.mark.parametrize("width", [250, 464, 962])
@pytest.mark.parametrize("name", ZOO)
def test_no_label_is_cut_or_lies_upon_another(name: str, width: int) -> None:
    root = drawn(ZOO[name], width)
    wide, high = float(root.get("width")), float(root.get("height"))
    level = [(said, box) for said, box, turned in boxes(root) if not turned]

    for said, (left, top, right, bottom) in level:
        assert left >= -0.5, said
        assert right <= wide + 0.5, said
        assert top >= -0.5, said
        assert bottom <= high + 0.5, said
    for (one, a), (other, b) in combinations(level, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, f"'{one}' and '{other}'"


@pytest.mark.parametrize("name", ZOO)
def test_every_drawing_is_understood_by_paper_and_by_mail(name: str) -> None:
    from svglib.svglib import svg2rlg

    from core.documents.renderers import pdf_fonts

    pdf_fonts.registered()  # else another font would take the name of ours, for all tests after this one

    drawing = svg2rlg(io.BytesIO(pictures.for_print(charts.svg(ZOO[name], LIGHT, 464))))
    picture = Image.open(io.BytesIO(charts.png(ZOO[name], DARK, 464)))

    assert drawing is not None
    assert drawing.width == 464 * 0.75, "in points"
    assert picture.width == 928


@pytest.mark.parametrize("name", ZOO)
def test_a_drawing_has_no_ids_classes_or_numbers_that_are_none(name: str) -> None:
    said = charts.svg(ZOO[name], LIGHT, 464)

    assert not re.search(r"(?<!-)\b(id|class|style|opacity)=", said)
    assert not re.search(r"\b(nan|inf)\b", said)


# marks


def test_a_stack_begins_with_the_first_line() -> None:
    bars = [
        (float(r.get("y")), r.get("fill"))
        for r in drawn(sample.stacked()).iter(f"{SVG}rect")
        if r.get("fill") in LIGHT.categorical
    ]

    assert bars[0][0] > bars[4][0], "the first team's TypeScript lies above its Python"
    assert (bars[0][1], bars[4][1]) == LIGHT.categorical[:2]


def test_bars_are_as_long_as_their_values() -> None:
    series = named(["a", "b", "c"], lines=[Line(name="n", x=["a", "b", "c"], y=[10, 5, None])])
    paths = [path.get("d") for path in drawn(series).iter(f"{SVG}path") if path.get("fill") == LIGHT.categorical[0]]
    ends = [[float(part) for part in re.findall(r"-?[\d.]+", path)] for path in paths]
    base = ends[0][1]

    assert len(paths) == 2, "a gap is no bar"
    assert (base - ends[0][4]) / (base - ends[1][4]) == pytest.approx(2, rel=0.01)


def test_a_bar_below_zero_hangs() -> None:
    paths = [p.get("d") for p in drawn(ZOO["below zero"]).iter(f"{SVG}path")]
    five, three = ([float(part) for part in re.findall(r"-?[\d.]+", path)] for path in paths[:2])

    assert five[1] == three[1], "both stand on zero"
    assert five[4] < five[1] < three[4]


ON = re.compile(r'<text [^>]*fill="(#\w+)"[^>]* data-on="([^"]+)"')


def labelled(names: int, **style: Any) -> Series:
    lines = [Line(name=f"s{number}", x=["a"], y=[10.0]) for number in range(names)]
    worn = SeriesStyle(bar_labels=True, height=600, **style)
    return Series(mark="stacked_bar", x=Axis(kind="nominal"), lines=lines, style=worn)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("style", [{}, {"colours": ["#444444", "navy", "#eee"]}, {"opacity": 0.5}], ids=str)
def test_words_on_a_bar_are_read_on_its_colour(theme: Theme, style: dict[str, Any]) -> None:
    found = ON.findall(charts.svg(labelled(12, **style), theme, 464))

    assert len(found) == 12
    for shade, on in found:
        colour, _, opacity = on.partition(" ")
        bar = {"navy": "#000080", "#eee": "#eeeeee"}.get(colour, colour)
        assert contrast(shade, mixed(theme.background, bar, float(opacity or 1))) >= 4.5


def test_a_dark_page_changes_the_words_on_a_bar_with_its_colour() -> None:
    document = Document(title="A", generated_at=sample.NOW, sections=[Section(blocks=[labelled(2)])])
    page = render(document, "html").content.decode()

    assert 'fill="#ffffff" text-anchor="middle" data-on="#0072B2"' in page
    assert page.rindex('.chart [data-on="#0072B2" i]{fill:#000000}') > page.index("prefers-color-scheme:dark")


@pytest.mark.parametrize(("theme", "ink"), [(LIGHT, "#ffffff"), (DARK, "#000000")], ids=["light", "dark"])
def test_a_page_asks_the_bar_too(theme: Theme, ink: str) -> None:
    series = labelled(1)
    spec = {
        **charts.spec(series, theme, 464),
        "data": {"values": charts.rows(series)},
        "config": pictures.config(theme),
    }

    (words,) = re.findall(r"<text [^>]*>10</text>", pictures.svg(spec).rpartition("mark-text")[2])
    assert f'fill="{ink}"' in words


def test_an_area_with_a_gap_is_not_stacked() -> None:
    lines = [Line(name="a", x=list(sample.DAYS[:4]), y=[1, 2, 3, 4]),
             Line(name="b", x=list(sample.DAYS[:4]), y=[1, None, 3, 4])]  # fmt: skip
    whole = words(drawn(Series(mark="area", lines=lines)))

    assert "4" in whole
    assert "8" not in whole


def test_a_point_between_gaps_is_seen() -> None:
    lonely = daily([1, None, 2, None, *walk(60)])

    assert len(list(drawn(lonely).iter(f"{SVG}circle"))) == 2


def test_colours_that_come_again_differ() -> None:
    root = drawn(several("line", [f"line {number}" for number in range(20)]))
    colours = [circle.get("fill") for circle in root.iter(f"{SVG}circle") if circle.get("r") == "5.5"]

    assert len(set(colours)) == 20


# a chart's own style


def styled(mark: str = "line", **style: object) -> Series:
    return several(mark, ["Vienna", "Graz"], style=SeriesStyle.model_validate(style))


@pytest.mark.parametrize(
    ("series", "found", "count"),
    [
        (styled(line_width=5), 'stroke-width="5"', 2),
        (styled(marker=False), 'r="3"', 0),
        (styled(marker=True, marker_size=10), 'r="5"', 14),
        (styled("point", marker_size=4), 'r="2"', 14),
        (styled(legend=False), ">Vienna<", 0),
        (styled(legend=True), ">Vienna<", 1),
        (styled(font_size=15), 'font-size="11"', 0),
        (styled("bar", opacity=0.5), 'fill-opacity="0.5"', 14),
        (styled(colours=["#123456"]), 'stroke="#123456"', 1),
        (styled(colours=["#123456"]), f'stroke="{LIGHT.categorical[1]}"', 1),
        (styled(colours=['"/><script>']), "script", 0),
        (styled(tick_angle=90), 'rotate(-90', 7),
        (styled(height=500), 'height="500"', 1),
        (styled("bar", bar_labels=True), 'rotate(-90', 0),
        (styled(value_axis=False), 'text-anchor="end"', 0),
        (styled("line", marks=[PointMark(x=date(2026, 3, 3), y=20, text="Launch")]), ">Launch<", 1),
    ],
)  # fmt: skip
def test_a_style_is_followed(series: Series, found: str, count: int) -> None:
    assert charts.svg(series).count(found) == count


def test_a_grid_is_both_ways_or_none_if_the_style_says_so() -> None:
    def rules(**style: object) -> list[bool]:
        """Of the long lines, whether each is upright."""
        ends = [
            [float(line.get(end)) for end in ("x1", "x2", "y1", "y2")] for line in drawn(styled(**style)).iter(RULE)
        ]
        return [x1 == x2 for x1, x2, y1, y2 in ends if abs(y2 - y1) != labels.TICK]

    assert True not in rules()
    assert rules(grid=True).count(True) == 7
    assert len(rules(grid=False)) == 1, "the base line alone"


def test_x_spans_what_the_style_says() -> None:
    week = daily(walk(3), style=SeriesStyle(x_from=date(2026, 2, 25), x_to=date(2026, 3, 10)))
    dots = [float(circle.get("cx")) for circle in drawn(week, 640).iter(f"{SVG}circle")]

    assert "25 Feb" in words(drawn(week, 640))
    assert dots[0] == pytest.approx(16 + 4 / 13 * 616, abs=15)


def test_points_outside_of_the_span_are_not_drawn() -> None:
    week = daily(walk(7), style=SeriesStyle(x_from=date(2026, 3, 3), x_to=date(2026, 3, 5)))

    assert len(list(drawn(week).iter(f"{SVG}circle"))) == 3


def test_moments_of_a_style_survive_being_frozen() -> None:
    style = SeriesStyle(x_from=date(2026, 3, 3), marks=[PointMark(x=datetime(2026, 3, 4, tzinfo=UTC), y=1, text="a")])
    series = daily(walk(7), style=style)

    assert Series.model_validate_json(series.model_dump_json()) == series


@pytest.mark.parametrize("mark", [*MARKS, "horizontal_bar"])
def test_a_page_follows_the_style_too(mark: str) -> None:
    series = several(mark, ["Vienna", "Graz"], style=SeriesStyle(
        bar_labels=True, legend=False, tick_angle=45, line_width=1, marker=True, marker_size=9, font_size=13, grid=True,
        opacity=0.5, colours=["#aa0000"], height=300, x_from=date(2026, 3, 1), x_to=date(2026, 3, 10),
        marks=[PointMark(x=date(2026, 3, 3), y=20, text="Launch")],
    ))  # fmt: skip
    spec = charts.spec(series, LIGHT)
    values = json.loads(json.dumps(charts.rows(series), default=str))

    painted = pictures.svg({**spec, "width": 400, "data": {"values": values}})

    assert spec["height"] == 300
    assert '"labelFontSize": 13' in json.dumps(spec)
    assert "#aa0000" in painted
    assert ("Launch" in painted) is (mark != "horizontal_bar")
    assert ">Vienna<" not in painted


def test_a_page_marks_time_as_a_file_does() -> None:
    for name in ("a day", "a month", "a quarter", "months", "years"):
        series = ZOO[name]
        axis = charts.spec(series)["encoding"]["x"]["axis"]
        said = json.loads(re.fullmatch(r"\((.*)\)\[toString\(\+datum.value\)\]", axis["labelExpr"]).group(1))
        first = next(iter(said.values()))

        assert len(said) == len(axis["values"])
        assert 2 <= len(said) <= axes.TICKS
        assert (first if isinstance(first, str) else first[0]) in words(drawn(series, 640)), name


# many points


def test_of_very_many_points_the_picture_is_the_same() -> None:
    values = walk(20_000, 100, 10)
    dots = [(place / 20_000 * 600, 250 - (y or 0) / 10) for place, y in enumerate(values)]

    few = thinned(dots)
    ground = '<rect width="600" height="260" fill="#ffffff"/>'
    whole, small = (picture(ink.picture(600, 260, [ground, ink.strokes([d], "#0072B2", 2)])) for d in (dots, few))
    differing = sum(ImageChops.difference(whole, small).convert("L").histogram()[48:])

    assert len(few) <= 4 * 601
    assert max(dots, key=lambda dot: dot[1]) in few
    assert min(dots, key=lambda dot: dot[1]) in few
    assert differing <= 0.002 * whole.width * whole.height


def picture(svg: str) -> Image.Image:
    return Image.open(io.BytesIO(pictures.png_of(svg))).convert("RGB")


def test_few_points_stay_as_they_are() -> None:
    dots = [(0.0, 1.0), (100.0, 5.0), (200.0, 2.0)]

    assert list(thinned(dots)) == dots


def test_a_file_with_charts_starts_no_engine_and_reads_no_drawing_again() -> None:
    asked = (
        "import sys\n"
        "from core.documents import Document, Section, render\n"
        "from core.figures import Series, Line\n"
        "from datetime import date, datetime, UTC\n"
        f"marks = {MARKS!r}\n"
        "lines = [Line(name='a', x=[date(2026, 3, 2), date(2026, 3, 3)], y=[1, 2])]\n"
        "blocks = [Series(mark=mark, lines=lines) for mark in marks]\n"
        "shown = Document(title='a', generated_at=datetime.now(UTC), sections=[Section(blocks=blocks)])\n"
        "assert render(shown, 'html').content.count(b'aria-label=\"Chart') >= 5\n"
        "print([name for name in ('vl_convert', 'lxml', 'numpy', 'pyarrow') if name in sys.modules])\n"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)

    assert told.stdout.strip() == "[]", told.stderr


def test_axis_of_numbers_begins_where_they_do() -> None:
    years = Series(x=Axis(kind="quantitative"), lines=[Line(name="a", x=[2000, 2010, 2020], y=[1, 2, 3])])

    assert "2,000" in words(drawn(years))
    assert "500" not in words(drawn(years))


# the numbers behind a chart


def test_every_point_of_one_place_has_a_row_of_its_own() -> None:
    lines = [Line(name="likes", x=[1, 2, 2], y=[10, 20, 30]), Line(name="replies", x=[2], y=[5])]
    table = tables.of_series(Series(mark="point", x=Axis(kind="quantitative"), lines=lines))

    assert table.rows == [[1, 10, None], [2, 20, 5], [2, 30, None]]


def test_an_hour_that_comes_twice_keeps_the_order_of_time() -> None:
    twice = [datetime(2026, 10, 24, 23, tzinfo=UTC) + timedelta(minutes=30 * number) for number in range(6)]
    moments = [moment.astimezone(VIENNA) for moment in twice]

    series = Series(lines=[Line(name="a", x=list(moments), y=walk(6))])

    dots = [float(circle.get("cx")) for circle in drawn(series).iter(DOT)]

    assert dots == sorted(set(dots))
    assert len(dots) == len(tables.of_series(series).rows) == 6
