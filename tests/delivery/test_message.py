"""The message itself: its parts, its headers, its files."""

from __future__ import annotations

from base64 import b64encode
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.errors import BadInput
from core.delivery.addresses import address, addresses
from core.delivery.letter import Enclosure, Letter, Picture
from core.delivery.message import one_line
from core.delivery.mime import Envelope, compose, sorted_out
from core.documents.document import DEMO
from core.stores.files import LocalFiles
from tests.conftest import NOW

PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


@pytest.fixture
def files(tmp_path):
    return LocalFiles(tmp_path / "files")


def letter(**given):
    usual = {
        "subject": "Größe des Teams",
        "text": "Zahlen für März",
        "html": '<html><body><img src="cid:chart1">Zahlen für März</body></html>',
        "because": "Ada scheduled it.",
    }
    return Letter(**{**usual, **given})


def envelope(**given):
    usual = {
        "sender": "Sightline <reports@example.org>",
        "recipient": "ada@example.org",
        "message_id": "<1@example.org>",
    }
    return Envelope(**{**usual, "at": NOW, **given})


def opened(message):
    return message_from_bytes(message.as_bytes(), policy=default)


def test_a_message_has_text_html_pictures_and_files(files):
    files.put("exports/a.pdf", b"%PDF-1.7 content")
    enclosure = Enclosure(file_name="weekly-größe.pdf", key="exports/a.pdf", media_type="application/pdf", size=16)
    picture = Picture(cid="chart1", content=b64encode(PIXEL))
    message = opened(compose(letter(pictures=[picture], enclosures=[enclosure]), envelope(), files))

    assert message.get_content_type() == "multipart/mixed"
    assert "Zahlen für März" in message.get_body(("plain",)).get_content()
    assert "Zahlen für März" in message.get_body(("html",)).get_content()
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<chart1>" and picture.get_content() == PIXEL
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "weekly-größe.pdf" and attached.get_content() == b"%PDF-1.7 content"


def test_a_message_has_the_headers_that_mail_wants(files):
    message = opened(compose(letter(), envelope(unsubscribe="https://s.example.org/unsubscribe?token=x"), files))

    assert message["Subject"] == "Größe des Teams"
    assert message["Message-ID"] == "<1@example.org>"
    assert message["Date"] == "Wed, 11 Mar 2026 12:00:00 +0000"
    assert message["List-Unsubscribe"] == "<https://s.example.org/unsubscribe?token=x>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Ada scheduled it." in message.get_body(("plain",)).get_content()
    assert 'href="https://s.example.org/unsubscribe?token=x"' in message.get_body(("html",)).get_content()


def test_nothing_in_a_message_needs_eight_bits(files):
    assert compose(letter(), envelope(), files).as_bytes().isascii()


def test_demo_mail_says_so_in_subject_text_and_html(files):
    message = opened(compose(letter(is_demo=True), envelope(), files))

    assert message["Subject"].startswith("[Demo] ")
    assert DEMO in message.get_body(("plain",)).get_content()
    assert DEMO in message.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    "evil", ["Weekly\r\nBcc: eve@example.org", "Weekly\nX: y", "Weekly\x00\x0b", "Weekly\u2028Bcc: x"]
)
def test_a_report_name_cannot_add_headers(files, evil):
    message = opened(compose(letter(subject=evil), envelope(), files))

    assert message["Bcc"] is None and message["X"] is None
    assert message["Subject"].startswith("Weekly")


@given(st.text(max_size=200))
def test_any_subject_becomes_one_header_line(text):
    assert not set(one_line(text)) & {"\r", "\n", "\x00", "\x85"}


def test_files_beyond_the_limit_go_as_links_with_a_word_about_it(files):
    files.put("exports/small.csv", b"x" * 10)
    small = Enclosure(
        file_name="small.csv", key="exports/small.csv", media_type="text/csv", size=10, link="https://s/d/1"
    )
    large = Enclosure(
        file_name="large.xlsx", key="exports/large.xlsx", media_type="application/zip", size=23_400_000,
        link="https://s/d/2?sig=abc", kept_until=NOW,
    )  # fmt: skip
    message = opened(compose(letter(enclosures=[large, small]), envelope(attach_bytes=1000), files))

    assert [part.get_filename() for part in message.iter_attachments()] == ["small.csv"]
    for kind in ("plain", "html"):
        body = message.get_body((kind,)).get_content()
        assert "large.xlsx (23.4 MB) is too large to attach" in body
        assert "https://s/d/2?sig=abc" in body
        assert "2026-03-11 12:00 UTC" in body


def test_as_many_files_as_fit_are_attached_the_smallest_first():
    def one(name, size, link="https://s"):
        return Enclosure(file_name=name, key=name, media_type="text/csv", size=size, link=link)

    attached, linked = sorted_out([one("c", 70), one("a", 30), one("b", 50), one("unlinked", 20, "")], 100)

    assert [e.file_name for e in attached] == ["a", "b", "unlinked"]
    assert [e.file_name for e in linked] == ["c"]


@pytest.mark.parametrize(
    "text",
    ["", "ada", "ada@", "@example.org", "a b@example.org", "ada@exa mple.org", "ada@example.org\nBcc: eve@x.org",
     "Ada <ada@example.org>", "ada@-x.org", "a..b@example.org", "ä@example.org", "ada@" + "x" * 300],
)  # fmt: skip
def test_what_is_no_address_is_refused(text):
    with pytest.raises(BadInput, match="no mail address"):
        address(text)


def test_addresses_are_tidied_and_kept_once():
    assert addresses(["Ada@Example.org, bob@bücher.example;ada@example.org"]) == [
        "Ada@example.org",
        "bob@xn--bcher-kva.example",
    ]


def test_a_schedule_without_recipients_is_refused():
    with pytest.raises(BadInput, match="at least one recipient"):
        addresses([" ,; "])
