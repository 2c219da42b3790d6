"""Tables on paper: where names are broken, and which column gives way."""

from __future__ import annotations

import io
from itertools import pairwise

import pypdf
import pytest

from core.documents import render
from core.documents.renderers import pdf_fonts, pdf_words
from core.documents.renderers.pdf_tables import _asked, _texts, _widths
from core.documents.theme import FONT
from core.figures import Axis, Column, Line, Series, Table
from tests.documents.test_renderers import alone

JOB = "platform/payments/reconciliation-nightly_settlement.of-partner-accounts"


def wide(words: str) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    pdf_fonts.registered()
    return float(stringWidth(words, FONT, 8.5))


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        (JOB, wide("platform/payments/+"), 
         ["platform/payments/", "reconciliation-", "nightly_settlement.", "of-partner-accounts"]),
        ("shop-app", 100.0, ["shop-app"]),
        ("Build shop-app now", wide("shop-a"), ["Build", "shop-", "app", "now"]),
        ("Donaudampfschiff", wide("Donaudampf"), ["Donaudampf", "schiff"]),
        ("x/Donaudampfschiff", wide("Donaudampf"), ["x/", "Donaudampf", "schiff"]),
        ("два/слова", wide("слова"), ["два/", "слова"]),
        ("--", 1.0, ["-", "-"]),
        ("", 40.0, [""]),
    ],
)  # fmt: skip
def test_a_name_is_broken_behind_its_signs_before_it_is_broken_within(text: str, room: float, lines: list[str]):
    broken = pdf_words.broken(text, room / pdf_words.SHARE, FONT, 8.5)

    assert broken.split(" ") == lines
    assert broken.replace(" ", "") == text.replace(" ", "")


def test_a_line_is_as_full_as_it_can_be():
    found = pdf_words.broken(JOB, 90, FONT, 8.5).split(" ")

    assert all(wide(line) <= 90 for line in found)
    joined = [one + pdf_words.parts(other)[0] for one, other in pairwise(found)]
    assert all(wide(line) > 90 * pdf_words.SHARE for line in joined)


def test_names_stay_whole_while_prose_can_give_way():
    number = Column(key="n", label="Number", kind="integer")
    cols = [Column(key="job", label="Job"), number, Column(key="t", label="Text")]
    table = Table(cols=cols, rows=[["teams/deep/reconciliation-nightly", 1_204_567, "words of a long remark " * 20]])
    asked = _asked(table, _texts(table), 400)

    name, count, text = _widths(asked, 400)

    assert name >= wide("teams/deep/reconciliation-nightly") + 8
    assert count >= wide("1,204,567") + 8
    assert name + count + text == pytest.approx(400)


def test_no_name_of_a_job_is_torn_apart_in_a_narrow_column():
    cols = [Column(key=str(place), label=f"Column {place}") for place in range(6)]
    table = Table(key="t", title="Builds", cols=cols, rows=[[JOB] * 6])

    page = pypdf.PdfReader(io.BytesIO(render(alone(table), "pdf").content)).pages[0].extract_text()

    assert all(page.count(part) >= 6 for part in pdf_words.parts(JOB))


@pytest.mark.parametrize("rows", range(20, 40))
def test_no_page_is_left_empty_where_a_table_ends_at_its_foot(rows: int):
    table = Table(key="t", title="Days", cols=[Column(key="a", label="Day")], rows=[["x"]] * rows)
    chart = Series(key="s", title="Chart", lines=[Line(name="n", x=[*range(70)], y=[1.0] * 70)], x=Axis(kind="ordinal"))

    pages = pypdf.PdfReader(io.BytesIO(render(alone(table, chart), "pdf").content)).pages

    assert all(len(page.extract_text().split()) > 20 for page in pages[:-1])


def test_words_of_charts_in_a_picture_are_eleven_pixels_where_it_is_shown_600_wide():
    from core.documents.renderers import pdf_figures, png
    from core.documents.renderers.pdf_style import WIDTH, dressed
    from core.documents.theme import LIGHT

    shown = 600 / (WIDTH + 2 * png.EDGE)
    with dressed(LIGHT, png.LETTERS):
        assert 11 / pdf_figures._scale() * shown >= 11
    assert 11 / pdf_figures._scale() == pytest.approx(8.5)


def test_each_letter_of_an_endless_word_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    measured, looked = pdf_words._wide, list[str]()

    def counted(words: str, font: str, size: float) -> float:
        looked.append(words)
        return measured(words, font, size)

    monkeypatch.setattr(pdf_words, "_wide", counted)
    lines = pdf_words.broken("wi" * 5_000, 101.0, FONT, 8.5).split(" ")

    assert "".join(lines) == "wi" * 5_000
    assert all(measured(line, FONT, 8.5) <= 101 for line in lines)
    assert len(looked) < 10_000 + 3 * len(lines)
