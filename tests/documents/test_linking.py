"""Addresses in tables: behind the words that name a row where people read, in a column where programs do."""

from __future__ import annotations

import csv
import io

import pypdf
from lxml import html
from openpyxl import load_workbook

from core.documents import render
from core.documents.renderers import email
from core.figures import Column, Table
from tests.documents import sample
from tests.documents.test_renderers import alone

ADDRESS = "https://git.example/a/pull/1?x=1&y=2"
PULLS = Table(
    key="pulls",
    title="Pull requests",
    cols=[
        Column(key="repo", label="Repository"),
        Column(key="title", label="Title"),
        Column(key="size", label="Lines", kind="integer"),
        Column(key="url", label="Link", kind="link"),
    ],
    rows=[["app", "Faster search", 40, ADDRESS], ["app", "Pushed without a host", 2, None]],
)


def test_a_reader_follows_the_title_and_meets_no_address():
    page = html.fromstring(render(alone(PULLS), "html").content)
    mail = html.fromstring(email.render(alone(PULLS)).html)
    for tree in (page, mail):
        (link,) = tree.xpath("//table//a[@href]")
        assert (link.text_content(), link.get("href")) == ("Faster search", ADDRESS)
        assert "Link" not in tree.text_content() and "git.example" not in tree.text_content()
        assert "Pushed without a host" in tree.text_content()

    paper = pypdf.PdfReader(io.BytesIO(render(alone(PULLS), "pdf").content))
    text = "".join(sheet.extract_text() for sheet in paper.pages)
    uris = [note.get_object()["/A"]["/URI"] for sheet in paper.pages for note in sheet.get("/Annots", [])]
    assert "git.example" not in text and "Faster search" in text and uris == [ADDRESS]


def test_a_program_and_a_spreadsheet_have_the_address():
    lines = list(csv.reader(io.StringIO(render(alone(PULLS), "csv").content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(render(alone(PULLS), "xlsx").content))["Pull requests"]

    assert lines[0] == ["Repository", "Title", "Lines", "Link"] and lines[1][3] == ADDRESS
    assert sheet["D2"].hyperlink.target == ADDRESS
    assert "https://git.example/a/pull/1" in email.render(alone(PULLS)).text


def test_addresses_that_may_not_be_followed_and_rows_without_words_stay_as_they_are():
    odd = PULLS.model_copy(update={"rows": [["app", "Odd", 1, "javascript:alert(1)"]]})
    bare = Table(key="bare", cols=PULLS.cols[2:], rows=[[1, ADDRESS]])

    assert "javascript:alert(1)" in html.fromstring(render(alone(odd), "html").content).text_content()
    assert ADDRESS in html.fromstring(render(alone(bare), "html").content).text_content()


def test_the_appendix_of_a_pdf_says_once_what_its_parts_share():
    one = sample.origin("commits_count")
    kinds = [one.model_copy(update={"query_hash": hash_ * 8, "rows": rows}) for hash_, rows in (("aa", 5), ("bb", 7))]
    figures = [
        PULLS.model_copy(update={"key": f"t{place}", "title": name, "provenance": [kind]})
        for place, (name, kind) in enumerate(zip(("Now", "Before"), kinds, strict=True))
    ]
    paper = pypdf.PdfReader(io.BytesIO(render(alone(*figures), "pdf").content))
    text = " ".join("".join(sheet.extract_text() for sheet in paper.pages).split())

    appendix = text.partition("Where the numbers come from")[2]
    assert appendix.count("metrics store") == appendix.count(one.definitions[0].partition(": ")[2][:20]) == 1
    assert appendix.count("Counted from") == 1
    assert all(said in appendix for said in ("Now", "Before", "aaaaaaaa", "bbbbbbbb"))
