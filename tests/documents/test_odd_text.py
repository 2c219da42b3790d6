"""Text and tables as real histories have them: control characters, endless words, hundreds of columns."""

from __future__ import annotations

import pytest

from core.documents import RENDERERS, Document, Renderer, Section, charts
from core.documents.clean import json_text
from core.documents.renderers import email
from core.figures import (
    Axis,
    Column,
    Edge,
    Figure,
    Line,
    Network,
    Node,
    Notice,
    Prose,
    Series,
    Stat,
    State,
    Table,
)
from tests.documents import sample

ODD = "a\x00b\x01c\x1b[31m\x7f\ufffe z\u202e"
AXIS = Axis(kind="nominal")

FIGURES: list[Figure] = [
    Stat(title=ODD, value=1, text="1"),
    Stat(title="x " * 3000, value=1, text="1 " * 2000, description="long " * 9000),
    Series(
        title=ODD, mark="bar", x=AXIS, lines=[Line(name=ODD, x=[ODD, "b"], y=[1, 2]), Line(name="q", x=["b"], y=[2])]
    ),
    Series(title="x " * 500, mark="bar", x=AXIS, note="y " * 9000, lines=[Line(name="z" * 3000, x=["a"], y=[1])]),
    Series(title="map", mark="heatmap", x=AXIS, lines=[Line(name=f"r{i}", x=["a"], y=[i]) for i in range(400)]),
    Series(title="gap", state=State.NOT_COLLECTED, lines=[Line(name="a", x=[sample.DAYS[0]], y=[None])]),
    Series(lines=[Line(name="", x=[], y=[])]),
    Table(title=ODD, cols=[Column(key="a", label=ODD)], rows=[[ODD], ["x" * 40_000]]),
    Table(
        title="wide",
        cols=[Column(key=f"c{i}", label=f"Metric {i}", kind="integer") for i in range(80)],
        rows=[[7] * 80],
    ),
    Table(),
    Prose(markdown=ODD),
    Prose(markdown="```\n" + "code\n" * 900 + "```\n\n" + "> " * 30 + "deep\n\n" + "- a\n" * 500),
    Notice(text=ODD),
    Notice(text="very " * 9000),
    Network(title="net", nodes=[Node(id="a", label=ODD)], edges=[Edge(source="a", target="nobody")]),
    Network(),
]


@pytest.mark.parametrize("renderer", list(RENDERERS), ids=lambda renderer: renderer.key)
@pytest.mark.parametrize("number", range(len(FIGURES)))
def test_no_text_stops_a_format(renderer: Renderer, number: int):
    section = Section(title=ODD, blocks=[FIGURES[number]])

    assert renderer.render(Document(title=ODD, generated_at=sample.NOW, sections=[section])).content


def test_no_text_stops_a_mail():
    body = email.render(Document(title=ODD, generated_at=sample.NOW, sections=[Section(title=ODD, blocks=FIGURES)]))

    assert "\x00" not in body.html + body.text


def test_a_control_character_in_a_label_does_not_end_the_process():
    assert "<svg" in charts.svg(FIGURES[2])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        (r'"a\u0000b"', '"ab"'),
        (r'"a\\u0000b"', r'"a\\u0000b"'),
        (r'"a\\\u0000b"', r'"a\\b"'),
        (r'"a\u0000\u0001\u001fb\n\t"', r'"ab\n\t"'),
        ('"Zoë \u202eTenet\u202c 中"', '"Zoë Tenet 中"'),
    ],
)
def test_only_letters_that_no_format_can_carry_are_taken_out(written: str, cleaned: str):
    assert json_text(written) == cleaned


def test_a_table_with_many_columns_is_printed_in_parts_that_each_name_their_rows():
    import io

    import pypdf

    cols = [
        Column(key="n", label="Person"),
        *[Column(key=f"c{i}", label=f"Metric{i}", kind="integer") for i in range(30)],
    ]
    table = Table(title="Wide", cols=cols, rows=[["Zoë", *range(1000, 1030)]])
    made = RENDERERS.get("pdf").render(Document(title="t", generated_at=sample.NOW, sections=[Section(blocks=[table])]))
    printed = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.content)).pages)

    assert all(f"{number:,}" in printed for number in range(1000, 1030))
    assert printed.count("Zoë") == printed.count("Person") > 1
