"""Letters that Source Sans Pro lacks: joined, turned, lent by the machine, or said in Latin letters; never a box."""

from __future__ import annotations

import io

import pypdf
import pytest

from core.documents import Document, Section, charts, letters, pictures, render
from core.documents.renderers import pdf_fonts, png
from core.documents.theme import FONT
from core.figures import Axis, Figure, Line, Prose, Series, Stat
from tests.documents import sample

ARABIC, HEBREW = "\u0645\u0631\u062d\u0628\u0627", "\u05e9\u05dc\u05d5\u05dd"
"""Marhaba; shalom."""


def printed(*figures: Figure, title: str = "T") -> str:
    shown = Document(title=title, generated_at=sample.NOW, sections=[Section(blocks=list(figures))])
    return read(render(shown, "pdf").content)


def read(content: bytes) -> str:
    """The first page; pypdf reads from the right what is drawn so, and joiners are seen by nobody."""
    return pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().replace("\u200d", "")


def fonts(content: bytes) -> set[str]:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    used = [page["/Resources"]["/Font"][name] for page in pages for name in page["/Resources"]["/Font"]]  # type: ignore[index]
    return {str(font["/BaseFont"]).lstrip("/").rpartition("+")[2] for font in used}


def test_arabic_letters_take_the_shape_that_they_have_beside_each_other() -> None:
    # meem begins, ra ends, ha begins, ba stands between, alef ends; ra and alef join no letter after them.
    assert letters.joined(ARABIC) == "\ufee3\ufeae\ufea3\ufe92\ufe8e"
    assert letters.joined("\u0644\u0627") == "\ufefb", "lam with alef is one shape"
    assert letters.joined("\u0633\u0644\u0627\u0645") == "\ufeb3\ufefc\ufee1"
    assert letters.joined("\u0645\u064e\u0631") == "\ufee3\u064e\ufeae", "marks part no letters"
    assert letters.joined(HEBREW) == HEBREW


def test_what_runs_from_right_to_left_is_drawn_from_its_end_and_its_numbers_are_not() -> None:
    text = f"Team {HEBREW} 12 {HEBREW}, v2"

    (before, one), (run, two), (after, three) = letters.parts(text)

    assert (before, one, two, after, three) == ("Team ", False, True, ", v2", False)
    assert letters.turned(run) == f"{HEBREW[::-1]} 12 {HEBREW[::-1]}"
    assert letters.turned(f"({HEBREW})") == f"({HEBREW[::-1]})"
    assert letters.turned("\u05d1\u05b0\u05d2") == "\u05d2\u05d1\u05b0", "a mark stays upon its letter"


def test_a_name_from_right_to_left_is_turned_in_each_line_by_itself() -> None:
    whole = printed(title=f"{HEBREW} {HEBREW[1:]}")
    narrow = printed(Stat(title=f"{HEBREW} " * 12, value=1, text="1", columns=1))

    assert f"{HEBREW} {HEBREW[1:]}" in whole
    assert narrow.count(HEBREW) == 12


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Zoë ü ł ő ř ş Ελλάδα Отчёт € ½", "Zoë ü ł ő ř ş Ελλάδα Отчёт € ½"),
        ("Launch \U0001f680 now", "Launch :rocket: now"),
        ("\U0001f469\u200d\U0001f4bb", ":woman::computer:"),
        ("हिन्दी", "hindi"),
        ("e\u0301", "é"),
    ],
)
def test_what_no_font_has_is_said_in_latin_letters(said: str, shown: str) -> None:
    line = Series(title="Chart", x=Axis(kind="nominal"), mark="bar", lines=[Line(name="n", x=[said, "b"], y=[1, 2])])

    assert "".join(shown.split()) in "".join(printed(Stat(title=said, value=1, text="1")).split())
    assert "".join(printed(line).split()).count("".join(shown.split())) == 2, "in the chart and behind it"


def test_chinese_japanese_and_korean_are_the_readers_or_the_machines_and_in_pictures_never_the_readers() -> None:
    known = ("山", "한", "か")
    lent = [pdf_fonts._font(letter, FONT, True) for letter in known]
    alone = [pdf_fonts._font(letter, FONT, False) for letter in known]

    assert all(lent)
    machines = [pdf_fonts._has("Eastern", letter) or pdf_fonts._has("Korean", letter) for letter in known]
    assert [bool(name) for name in alone] == machines


def test_a_chart_on_paper_has_fonts_for_its_names() -> None:
    names = ["山田", HEBREW, "Zoë"]
    chart = Series(title="C", x=Axis(kind="nominal"), mark="bar", lines=[Line(name="n", x=names, y=[1.0, 2.0, 3.0])])
    shown = Document(title="T", generated_at=sample.NOW, sections=[Section(blocks=[chart])])

    content = render(shown, "pdf").content

    assert read(content).count(HEBREW) == 2
    assert {"SourceSansPro-Regular", "DejaVuSans"} <= fonts(content)
    assert fonts(content) & {"STSong-Light", "DroidSansFallback"}


def test_a_picture_of_a_chart_shows_no_boxes() -> None:
    def drawn(name: str) -> bytes:
        lines = [Line(name=name, x=["a"], y=[1.0]), Line(name="b", x=["a"], y=[2.0])]
        return charts.png(Series(x=Axis(kind="nominal"), mark="bar", lines=lines))

    assert not pictures.drawable("\U0001f680")
    assert pictures.drawable("é")
    assert drawn("go \U0001f680") == drawn("go :rocket:")


def test_a_picture_of_a_report_shows_no_boxes() -> None:
    def drawn(name: str) -> bytes:
        return png.of_figure(Stat(title=name, value=1, text="1"))

    assert drawn("go \U0001f680") == drawn("go :rocket:")


def test_the_letters_of_json_are_replaced_as_json_writes_them() -> None:
    assert letters.replaced('{"a": "\u201c\U0001f680\u201d"}', lambda letter: False) == '{"a": "\\":rocket:\\""}'
    assert letters.replaced('{"a": "é"}', lambda letter: True) == '{"a": "é"}'


@pytest.mark.parametrize(
    ("said", "bound"),
    [
        ("at 20.8 h. 12 %, 6.57 / day", "at 20.8&nbsp;h. 12&nbsp;%, 6.57&nbsp;/&nbsp;day"),
        ("45 min, 3.0 d and 2.4 points", "45&nbsp;min, 3.0&nbsp;d and 2.4&nbsp;points"),
        ("9 Nov 2026, 3 days, 2 heads, 4 / 5", "9 Nov 2026, 3 days, 2 heads, 4 / 5"),
    ],
)
def test_no_line_ends_between_a_number_and_its_unit(said: str, bound: str) -> None:
    assert letters.bound(said) == bound
    assert pdf_fonts.markup(said) == bound


def test_a_narrow_column_breaks_before_a_number_and_not_before_its_unit() -> None:
    text = "Mei Lin 15 %, Jonas Weber 12 %, Robert Abbott 8 %, " * 6
    narrow = Prose(title="P", markdown=text, columns=2)

    lines = printed(narrow, narrow, narrow).splitlines()

    assert sum("%" in line for line in lines) > 9
    assert not any(line.strip().startswith("%") for line in lines)
