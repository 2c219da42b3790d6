"""HTML, PDF and mail: to be read, printed and sent, whoever wrote the text in them."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import pypdf
import pytest
from lxml import html

from core.documents import Document, Section, render
from core.documents.renderers import email
from core.figures import Column, Prose, Table
from tests.documents import sample


@pytest.fixture(scope="module")
def page() -> str:
    return render(sample.document(is_demo=True), "html").content.decode()


@pytest.fixture(scope="module")
def pdf() -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render(sample.document(is_demo=True, rows=120), "pdf").content))


@pytest.fixture(scope="module")
def mail() -> email.MailBody:
    return email.render(sample.document(is_demo=True, rows=40))


def test_a_page_loads_nothing_from_elsewhere(page: str):
    tree = html.fromstring(page)

    assert not tree.xpath("//script | //link | //iframe | //img | //object")
    assert not re.search(r"url\((?!#)", page)
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")


def test_text_of_strangers_does_nothing_in_a_page(page: str):
    assert "<script" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "Tables &lt;b&gt;&amp;&lt;/b&gt; others" in page


def test_a_page_is_told_to_screen_readers(page: str):
    tree = html.fromstring(page)
    levels = [int(heading.tag[1]) for heading in tree.xpath("//h1 | //h2 | //h3 | //h4")]

    assert tree.get("lang") == "en"
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(svg.get("aria-label") or svg.get("aria-hidden") for svg in tree.xpath("//*[local-name()='svg']"))
    assert all(table.xpath("./caption") for table in tree.xpath('//div[@class="scroll"]/table'))
    assert all(head.get("scope") for head in tree.xpath('//div[@class="scroll"]//th'))


def test_no_two_things_of_a_page_share_an_id(page: str):
    ids = html.fromstring(page).xpath("//@id")

    assert len(ids) == len(set(ids))


def test_a_page_is_light_dark_and_printable(page: str):
    assert "prefers-color-scheme:dark" in page
    assert "@media print" in page


def test_prose_is_marked_up_and_safe(page: str):
    assert "<strong>12&nbsp;%</strong>" in page
    assert '<a href="https://example.org" rel="noopener noreferrer">a link</a>' in page


def test_pages_of_a_pdf_are_numbered(pdf: pypdf.PdfReader):
    total = len(pdf.pages)

    for number, sheet in enumerate(pdf.pages, 1):
        assert f"Page {number} of {total}" in sheet.extract_text()
        assert "Demo data" in sheet.extract_text()


def test_a_pdf_has_contents_bookmarks_and_a_title(pdf: pypdf.PdfReader):
    first = pdf.pages[0].extract_text()

    assert "Contents" in first and "Where the numbers come from" in first
    assert [str(entry.title) for entry in pdf.outline][:3] == ["Overview", "Charts", "Tables <b>&</b> others"]
    assert pdf.metadata and pdf.metadata.title == "Engineering, every month"


def test_a_long_table_repeats_its_head_on_every_page(pdf: pypdf.PdfReader):
    pages = [sheet.extract_text() for sheet in pdf.pages]
    spread = [text for text in pages if re.search(r"\b1,1\d\d\b", text)]

    assert len(spread) >= 3
    assert all("Person" in text for text in spread)


def test_a_pdf_carries_its_fonts_and_its_charts_as_vectors(pdf: pypdf.PdfReader):
    fonts = {
        font.get_object()["/BaseFont"]
        for sheet in pdf.pages
        for font in sheet["/Resources"].get_object()["/Font"].get_object().values()
    }

    assert any("SourceSansPro" in font for font in fonts)
    assert not any("Vera" in font or "DejaVu" in font for font in fonts)
    assert not [image for sheet in pdf.pages for image in sheet.images]


def test_a_pdf_takes_any_script_and_very_long_words():
    cols = [Column(key="a", label="Name"), Column(key="b", label="Path")]
    rows = [["山田太郎", "x" * 400], ["김철수 👍", "a/" * 200], ["مرحبا", "<b>&"]]
    text = Prose(markdown="# 見出し\n\n**太字** `コード` *курсив*\n\n```\n<code> & 中\n```\n\n" + "w" * 500)
    document = Document(
        title="國際 & <i>",
        generated_at=sample.NOW,
        sections=[Section(title="節", blocks=[text, Table(cols=cols, rows=list(rows))])],
    )

    assert render(document, "pdf").content.startswith(b"%PDF")


def test_a_mail_has_its_pictures_and_no_style_sheet_but_that_of_the_dark(mail: email.MailBody):
    asked = set(re.findall(r'src="cid:([^"]+)"', mail.html))

    assert asked == set(mail.images)
    assert all(picture.startswith(b"\x89PNG") for picture in mail.images.values())
    sheets = re.findall(r"<style[^>]*>(.{0,40})", mail.html)
    assert [one.startswith("@media (prefers-color-scheme:dark)") for one in sheets] == [True]
    assert 'style="' in mail.html


def test_pictures_of_a_mail_say_what_they_show(mail: email.MailBody):
    assert all(image.get("alt") for image in html.fromstring(mail.html).xpath("//img"))


def test_a_mail_stays_below_what_mail_programs_cut(mail: email.MailBody):
    assert len(mail.html.encode()) < 100_000


def test_text_of_strangers_does_nothing_in_a_mail(mail: email.MailBody):
    assert "<script" not in mail.html
    assert "onerror" not in html.tostring(html.fromstring(mail.html).xpath("//body")[0]).decode().replace(
        "onerror=alert(1)&gt;", ""
    )
    assert "javascript:alert" not in " ".join(html.fromstring(mail.html).xpath("//@href"))


def test_the_text_part_says_the_same_numbers_without_markup(mail: email.MailBody):
    assert "Commits: 1,204 (+12 % vs 1,071)" in mail.text
    assert "Pull requests merged: not collected" in mail.text
    assert "(10 of 40 rows)" in mail.text
    assert "&amp;" not in mail.text
    assert "DEMO DATA" in mail.text
