"""What a document says once: a name that heading and figure share, a network's strongest ties, a sentence's grounds."""

from __future__ import annotations

import io
import re
import zipfile

import pypdf
import pytest

from core.documents import Document, Section, render
from core.documents.renderers import email
from core.figures import Cell, Column, Edge, Figure, Network, Node, Prose, Provenance, Stat, Table
from tests.documents import sample

PEOPLE = 40


def documented(*sections: Section) -> Document:
    return Document(title="Weekly", generated_at=sample.NOW, sections=list(sections))


def reviews(title: str = "Reviews", **more: str) -> Table:
    rows: list[list[Cell]] = [["Ann", 3]]
    cols = [Column(key="who", label="Name"), Column(key="n", label="Number", kind="integer")]
    return Table(key="reviews", title=title, cols=cols, rows=rows, **more)  # type: ignore[arg-type]


def said(document: Document, fmt: str) -> str:
    if fmt == "mail":
        return email.render(document).html
    content = render(document, fmt).content
    if fmt == "pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return content.decode()


@pytest.mark.parametrize("fmt", ["pdf", "html", "markdown", "mail"])
def test_a_section_and_its_only_figure_of_one_name_are_called_by_it_once(fmt: str) -> None:
    same, other = (documented(Section(title="Reviews", blocks=[reviews(title)])) for title in ("reviews ", "Given"))

    once = said(same, fmt).casefold().count("reviews")
    assert once == said(other, fmt).casefold().count("reviews")
    assert "Given" in said(other, fmt)


@pytest.mark.parametrize(
    "blocks",
    [
        [reviews(), reviews("Others")],
        [reviews(link="https://example.org/")],
        [Stat(key="s", title="Reviews", value=3, text="3")],
    ],
    ids=["two figures", "a link", "a number"],
)
def test_a_name_stays_where_something_would_be_lost_without_it(blocks: list[Figure]) -> None:
    assert Section(title="Reviews", blocks=blocks).drawn == blocks
    assert Section(blocks=[reviews("")]).drawn == [reviews("")]


def test_what_is_kept_and_counted_keeps_both_names() -> None:
    document = documented(Section(title="Reviews", blocks=[reviews()]))

    assert [figure.title for figure in document.figures()] == ["Reviews"]


def test_a_network_shows_its_strongest_ties_on_paper_and_all_in_a_table_of_data() -> None:
    nodes = [Node(id=f"n{one}", label=f"P{one}", size=PEOPLE - one) for one in range(PEOPLE)]
    edges = [Edge(source=f"n{a}", target=f"n{b}", weight=1000 - 40 * a - b) for a in range(4) for b in range(4, PEOPLE)]
    document = documented(Section(blocks=[Network(key="net", title="Together", nodes=nodes, edges=edges)]))

    paper = said(document, "pdf")

    assert "30 of 144 rows; XLSX and CSV have more" in paper
    assert "30 of 40 rows; XLSX and CSV have more" in paper
    assert len(pypdf.PdfReader(io.BytesIO(render(document, "pdf").content)).pages) == 2
    with zipfile.ZipFile(io.BytesIO(render(document, "csv").content)) as files:
        lines = [line for name in files.namelist() for line in files.read(name).decode("utf-8-sig").splitlines()]
    assert sum(re.match(r"P\d+,P\d+,", line) is not None for line in lines) == 144


def test_each_sentence_stands_on_a_line_of_its_own_with_the_numbers_that_it_rests_on() -> None:
    grounds = [
        "“Commits rose.” Commits 12 (Commits); before 9 (Commits)",
        "“Ann said “no”.” Reviews 3 (Reviews)",
        "odd",
    ]
    prov = Provenance(block="Narrative", datasource="sentences", grounds=grounds)

    lines = said(documented(Section(blocks=[Prose(key="p", title="N", markdown="x", provenance=[prov])])), "pdf")

    for line in (
        "“Commits rose.” Commits 12 (Commits); before 9 (Commits)",
        "“Ann said “no”.” Reviews 3 (Reviews)",
        "Rests on odd",
    ):
        assert line in lines.splitlines()
