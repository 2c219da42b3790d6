"""Pages of paper: no heading stands last on one, and a table begins where there is room for it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdf
import pytest

from core.documents import Document, Section, render
from core.documents.renderers import pdf_keeping, pdf_style
from core.figures import Axis, Column, Figure, Line, Prose, Series, Stat, Table
from tests.documents import sample

HEADINGS = {11.0, 16.0}
"""Points that headings, and nothing else in these documents, are high."""

Matrix = list[float]
Written = tuple[float, float, str]
"""How far from the foot of the page, how high the letters are, and the words."""


def written(content: bytes) -> Iterator[list[Written]]:
    """What stands in the frame of each page, from its head to its foot."""
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        found: list[Written] = []

        def kept(text: str, ground: Matrix, own: Matrix, _: object, size: float, found: list[Written] = found) -> None:
            height = ground[1] * own[4] + ground[3] * own[5] + ground[5]
            if text.strip() and pdf_style.BOTTOM <= height <= pdf_style.PAGE[1] - pdf_style.TOP:
                found.append((round(height, 1), size, text.strip()))

        page.extract_text(visitor_text=kept)
        yield sorted(found, reverse=True)


def paper(*sections: Section) -> list[list[Written]]:
    return list(written(render(Document(title="T", generated_at=sample.NOW, sections=list(sections)), "pdf").content))


def filled(lines: int) -> Section:
    """So many lines of text, and no heading."""
    return Section(blocks=[Prose(markdown="\n\n".join(["word"] * lines))])


def table(rows: int, title: str = "Names", description: str = "Who they are.") -> Table:
    cols = [Column(key="a", label="Name"), Column(key="b", label="Number", kind="integer")]
    cells = [[f"n{row}", row] for row in range(rows)]
    return Table(key="t", title=title, description=description, cols=cols, rows=cells)


FOLLOWING: dict[str, list[Figure]] = {
    "a long table": [table(60)],
    "cards": [Stat(title="Commits", value=3, text="3", columns=2)],
    "a chart": [Series(title="Days", x=Axis(kind="ordinal"), lines=[Line(name="n", x=[1, 2], y=[1, 2])])],
    "a list": [Prose(markdown="- one\n- two\n- three")],
    "a text with a heading": [Prose(title="Own", markdown="Some words of a text.")],
}


@pytest.mark.parametrize("lines", range(30, 34))
@pytest.mark.parametrize("what", FOLLOWING)
def test_no_heading_stands_last_on_a_page(what: str, lines: int) -> None:
    pages = paper(filled(lines), Section(title="Heading", intro="An introduction.", blocks=FOLLOWING[what]))

    assert [page[-1][2] for page in pages if page and page[-1][1] in HEADINGS] == []
    assert [page[-1][2] for page in pages if page and page[-1][2] in ("An introduction.", "Who they are.")] == []


@pytest.mark.parametrize("lines", [5, 15, 25])
def test_a_long_table_begins_below_its_heading_and_leaves_no_page_half_empty(lines: int) -> None:
    first, *_ = paper(filled(lines), Section(title="Heading", blocks=[table(100)]))

    assert sum(words.startswith("n") for _, _, words in first) >= pdf_keeping.ROWS
    assert first[-1][0] < pdf_style.BOTTOM + 25


def test_a_table_that_cannot_show_its_first_rows_moves_with_its_heading() -> None:
    for lines in range(30, 34):
        pages = paper(filled(lines), Section(title="Heading", blocks=[table(60)]))
        at = next(number for number, page in enumerate(pages) if any(words == "Names" for _, _, words in page))
        assert sum(words.startswith("n") and words != "Number" for _, _, words in pages[at]) >= pdf_keeping.ROWS, lines


def test_a_short_text_stands_on_one_page() -> None:
    text = "- What went well?\n- What was in the way?\n- What next?\n\nNumbers are no verdict."
    for lines in range(30, 34):
        pages = paper(filled(lines), Section(title="To talk about", blocks=[Prose(markdown=text)]))
        said = [{words for _, _, words in page} for page in pages]
        assert any({"What went well?", "What next?", "Numbers are no verdict."} <= words for words in said), lines


def test_an_introduction_before_a_new_page_stays_where_it_is() -> None:
    pages = paper(Section(title="One", intro="Words."), Section(title="Two", page_break=True, blocks=[table(2)]))

    assert any(words == "Words." for _, _, words in pages[0])
