"""Figures on pages, drawn by Streamlit itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from core.context import Context
from core.figures import Blob, Column, Figure, Prose, Series, Stat, State, Table, Unit, number_text
from tests.documents import sample

PAGE = Path(__file__).with_name("draw_page.py")


@pytest.fixture
def page(ctx: Context):
    """`page(figures)` is a page that drew them."""

    def drawn(*figures: Figure) -> AppTest:
        app = AppTest.from_file(str(PAGE), default_timeout=60)
        app.session_state["ctx"] = ctx
        app.session_state["figures"] = list(figures)
        return app.run()

    return drawn


def words(app: AppTest) -> str:
    """All text of a page."""
    said = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    return "\n".join([*(element.value for element in said), *(metric.value for metric in app.metric)])


@pytest.mark.parametrize("figure", sample.every_figure(), ids=lambda figure: f"{figure.shape}-{figure.key}")
def test_every_figure_is_drawn(page, figure: Figure):
    app = page(figure)

    assert not app.exception
    assert len(app.main)


def test_a_whole_document_is_drawn_on_one_page(page):
    assert not page(*sample.document(rows=12).figures()).exception


def test_the_same_figures_may_be_drawn_twice(page):
    assert not page(
        *sample.stats(), *sample.stats(), sample.trend(), sample.trend(), sample.people(), sample.people()
    ).exception


def test_a_number_shows_its_text_its_change_and_whether_that_is_good(page):
    app = page(*sample.stats())
    shown = {metric.label: metric for metric in app.metric}

    assert shown["Commits"].value == "1,204"
    assert shown["Commits"].delta == "+12 %"
    colours = {label: metric.proto.MetricColor.Name(metric.proto.color) for label, metric in shown.items()}
    assert colours["Commits"] == "GREEN"
    assert colours["Lead time for changes"] == "RED", "longer is worse"
    assert colours["Change failure rate"] == "GREEN", "less is better"
    assert colours["Lines changed"] == "GRAY", "neither is better"


def test_a_falling_number_points_down_whatever_its_colour(page):
    shown = {metric.label: metric.proto for metric in page(*sample.stats()).metric}

    assert shown["Change failure rate"].MetricDirection.Name(shown["Change failure rate"].direction) == "DOWN"
    assert shown["Incidents"].MetricDirection.Name(shown["Incidents"].direction) == "NONE"


@pytest.mark.parametrize("state", [State.NO_DATA, State.NOT_COLLECTED, State.UNSUPPORTED])
def test_a_number_that_is_not_there_says_why_and_is_no_zero(page, state: State):
    app = page(Stat(title="Reviews", state=state, state_text="connect a source in Sources."))

    assert not app.metric
    assert {"no_data": "No data", "not_collected": "Not collected", "unsupported": "Not supported"}[state] in words(app)
    assert "Connect a source in Sources." in words(app)


def test_a_stale_number_is_shown_with_a_remark(page):
    app = page(*sample.stats())

    assert "Stale\\: last synced on 2 Mar 2026." in words(app)


def test_a_chart_without_values_says_why(page):
    gaps = sample.trend().model_copy(deep=True)
    for line in gaps.lines:
        line.y = [None] * len(line.y)
    for empty in (sample.empty(), gaps, Series(title="Nothing")):
        app = page(empty)

        assert not app.get("vega_lite_chart")
        assert "Not collected" in words(app) or "No data" in words(app)


def test_a_chart_is_a_plain_specification_with_a_sentence_for_screen_readers(page):
    chart = page(sample.trend()).get("vega_lite_chart")[0].proto

    assert json.loads(chart.spec)["mark"]["type"] == "line"
    assert chart.alt.startswith("Chart of Commits a day. This period: 20 to 30")
    assert chart.theme == "streamlit"


def test_cells_of_a_table_keep_their_types(page):
    frame = page(sample.people(8)).dataframe[0].value

    assert frame["commits"].iloc[0] == 1204
    assert str(frame["last"].dtype).startswith("datetime64")
    assert list(frame["page"][:2]) == [None, "https://example.org/p/1"] or frame["page"].isna().iloc[0]
    assert frame["state"].iloc[0] == "not collected"


@pytest.mark.parametrize("share", [0.0244, 0.02, 0.37, 0.0, 1.0, 0.0999])
def test_a_percentage_in_a_table_reads_as_everywhere(page, share: float):
    table = Table(title="Shares", cols=[Column(key="share", label="Share", kind="percent")], rows=[[share]])
    shown = page(table).dataframe[0]
    config = json.loads(shown.proto.columns)["share"]["type_config"]

    assert config["format"] == "%s %%"
    assert f"{shown.value['share'].iloc[0]:g} %" == number_text(share, Unit.RATIO)


def test_rows_that_are_not_shown_are_counted(page):
    assert "3 of 40 rows" in words(page(sample.people(3)))


def test_words_of_strangers_are_words(page):
    title = "**bold** :red[x] $a$ [l](https://e.example) <b>"
    said = words(page(sample.trend().model_copy(update={"title": title})))

    assert "\\*\\*bold\\*\\* \\:red\\[x\\] \\$a\\$" in said


def test_prose_calls_no_other_machine_for_pictures(page):
    prose = sample.prose().model_copy(update={"markdown": "![pixel](https://tracker.example/x.png) costs $5 and $6"})
    said = words(page(prose))

    assert "![" not in said
    assert "\\$5" in said


def test_a_plugins_html_is_cleaned_and_shows_its_own_pictures(page):
    dot = Blob.of("dot.png", b"png")
    html = '<p onclick="x()">Seen<script>alert(1)</script><img src="blob:dot.png"><img src="https://far/a.png"></p>'
    app = page(Prose(key="p", html=html, blobs=[dot]))

    (drawn,) = app.get("html")
    assert "data:image/png;base64,cG5n" in drawn.proto.body
    assert not any(word in drawn.proto.body for word in ("script", "onclick", "https://far"))


def test_a_number_can_be_explained(page):
    app = page(*sample.stats())

    assert [button.label for button in app.button] == ["Explain"]
    assert not app.button[0].click().run().exception


def _cheapest(app: AppTest, runs: int = 8) -> float:
    return min(app.run().session_state["cpu"] for _ in range(runs))


def test_a_page_of_ten_charts_and_eight_numbers_costs_under_forty_milliseconds(page):
    charts: Sequence[Figure] = [
        make().model_copy(update={"title": f"Chart {i}"})
        for i, make in enumerate(
            [
                sample.trend,
                sample.band,
                sample.area,
                sample.bars,
                sample.stacked,
                sample.lying,
                sample.points,
                sample.heat,
            ]
            * 2
        )
    ][:10]
    app = page(*sample.stats(), *sample.stats()[:2], *charts)

    assert len(app.get("vega_lite_chart")) == 10
    assert _cheapest(app) < 0.040


def test_a_figure_leads_where_its_link_does(page):
    address = "https://example.org/a_(b)?c=d e"
    chart, shown = sample.trend(), sample.stats()[0]
    app = page(
        chart.model_copy(update={"link": address, "title": "Up [and] down"}),
        shown.model_copy(update={"link": "https://example.org"}),
        sample.people().model_copy(update={"link": "javascript:alert(1)"}),
    )

    assert r"**[Up \[and\] down](https://example.org/a_%28b%29?c=d%20e)**" in words(app)
    assert app.metric[0].label == "[Commits](https://example.org)"
    assert "**People**" in words(app)
    assert "javascript" not in words(app)


def test_durations_in_a_table_read_as_on_cards_and_are_sorted_as_numbers(page):
    hours = [75.0, 0.5, None, 12.34, 2400.0]
    cols = [
        Column(key="who", label="Who"),
        Column(key="cycle", label="Cycle", kind="hours"),
        Column(key="size", label="Size", kind="decimal"),
        Column(key="number", label="Number", kind="integer"),
    ]
    named = zip(("Ann", "Bob", None, "Dot", "Eve"), hours, (9, None, 7, 8, 6), strict=True)
    rows = [[name, value, 1204.25, number] for name, value, number in named]

    (frame,) = page(Table(title="People", cols=cols, rows=rows)).dataframe

    assert frame.value["cycle"].astype(float).fillna(-1).tolist() == [75.0, 0.5, -1, 12.34, 2400.0]
    shown = pa.ipc.open_stream(frame.proto.arrow_data.styler.display_values).read_all()
    assert shown.column("cycle").to_pylist() == ["3.1 d", "30 min", "–", "12.3 h", "100.0 d"]
    assert str(frame.value["number"].tolist()) == "[9, <NA>, 7, 8, 6]"
    assert shown.column("who").to_pylist() == ["Ann", "Bob", "–", "Dot", "Eve"]
    config = json.loads(frame.proto.columns)
    assert "format" not in config["cycle"]["type_config"] or config["cycle"]["type_config"]["format"] is None
    assert config["size"]["type_config"]["format"] == "%,.1f"


def test_a_long_table_says_durations_in_hours(page):
    rows = [[75.0] for _ in range(20_001)]

    (frame,) = page(Table(cols=[Column(key="cycle", label="Cycle", kind="hours")], rows=rows)).dataframe

    assert json.loads(frame.proto.columns)["cycle"]["type_config"]["format"] == "%,.1f h"
    assert not frame.proto.arrow_data.styler.display_values


def test_a_table_without_rows_shows_its_headings_and_says_so(page):
    cols = [Column(key="who", label="Who"), Column(key="commits", label="Commits", kind="integer")]

    app = page(Table(title="People", cols=cols, rows=[]))

    (frame,) = app.dataframe
    assert list(frame.value.columns) == ["who", "commits"]
    assert [json.loads(frame.proto.columns)[key]["label"] for key in ("who", "commits")] == ["Who", "Commits"]
    assert len(frame.value) == 0
    assert "There are no rows here." in words(app)


def test_a_table_without_rows_says_why_if_that_is_known(page):
    told = {"state": State.NOT_COLLECTED, "state_text": "connect GitHub in Sources."}

    app = page(Table(title="People", cols=[Column(key="who", label="Who")], rows=[], **told))

    assert len(app.dataframe) == 1
    assert "Connect GitHub in Sources." in words(app)
    assert "no rows" not in words(app)
