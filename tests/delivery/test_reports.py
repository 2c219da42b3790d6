"""What a report of delivery says, whoever wrote it and however."""

from __future__ import annotations

import pytest

from core.delivery import dsn
from core.delivery.mime import delivery_of, message_id
from tests.delivery import reports

ID = "0123456789abcdef0123456789abcdef"
OURS = f"<{ID}@example.org>"
ADA = "ada@example.org"
WORDS = {
    "Postfix": "mx.example.org: 550 5.1.1 User unknown",
    "Exim": "mx.example.org: 5.0.0 550-Nobody of this name 550 is here",
    "Exchange": "PrimeMX.contoso.example: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup",
    "Gmail": "gmail.example: 550-5.1.1 The account that you tried to reach does not exist. Check 550 5.1.1 the address"
    " for unnecessary spaces. c7si1234567",
}


@pytest.mark.parametrize("shape", reports.SHAPES)
def test_it_says_which_mail_whose_and_why_in_every_shape(shape):
    report = dsn.read(reports.SHAPES[shape](OURS, ADA))

    said = report.of("Ada@example.org")
    assert (report.message_id, said.action, said.words) == (OURS, "failed", WORDS[shape])
    assert report.of("bob@example.org") is None


@pytest.mark.parametrize("shape", [reports.auto_reply, reports.read_receipt])
def test_any_other_mail_is_none(shape):
    assert dsn.read(shape(OURS, ADA)) is None


def test_the_last_server_may_know_the_reader_by_another_address():
    forwarded = reports.postfix(OURS, "ada@home.example.net", original="rfc822;ada@example.org")

    assert dsn.read(forwarded).of(ADA).action == "failed"


@pytest.mark.parametrize(
    ("original", "meant"),
    [
        ("rfc822;ada+2Breports@example.org", "ada+reports@example.org"),
        ("RFC822; ada+3Dx@Example.ORG", "ada=x@example.org"),
        ("utf-8; ada\\x{2B}r@example.org", "ada+r@example.org"),
        ("rfc822;<ada@example.org>", ADA),
        ("rfc822;ada+reports@example.org", "ada+reports@example.org"),
    ],
)
def test_an_address_may_be_written_in_code(original, meant):
    report = dsn.read(reports.postfix(OURS, "somebody@else.example.net", original=original))

    assert report.of(meant).action == "failed"


def test_of_two_recipients_each_has_words_of_their_own():
    also = "\r\n".join(["", "Final-Recipient: rfc822; bob@example.org", "Action: delayed", "Status: 4.4.1", ""])
    report = dsn.read(reports.postfix(OURS, ADA).replace(b"unknown\r\n\r\n--", f"unknown\r\n{also}\r\n--".encode()))

    assert [report.of(one).action for one in (ADA, "bob@example.org")] == ["failed", "delayed"]
    assert report.of("bob@example.org").words == "relay.example.net: 4.4.1"


def test_a_report_about_addresses_beyond_ascii_is_read_too():
    mail = reports.postfix(OURS, ADA).replace(b"message/delivery-status", b"message/global-delivery-status")
    mail = mail.replace(b"message/rfc822", b"message/global-headers")

    report = dsn.read(mail)
    assert (report.message_id, report.of(ADA).words) == (OURS, WORDS["Postfix"])


def test_what_it_says_is_one_line_of_bounded_length_without_control_characters():
    mail = reports.postfix(OURS, ADA, said="550 5.1.1 \x1b[31mred\u202e\x00 " + "x" * 5000)

    words = dsn.read(mail).of(ADA).words
    assert len(words) <= dsn.WORDS and words.isprintable()
    assert words.startswith("mx.example.org: 550 5.1.1 [31mred")


def test_a_huge_mail_is_read_from_its_beginning():
    mail = reports.postfix(OURS, ADA).replace(b"All is well.", b"All is well.\r\n" * 3_000_000)

    assert len(mail) > 40_000_000
    assert dsn.read(mail).of(ADA).action == "failed"
    text = reports.postfix(OURS, ADA).replace(b"could not hand over", b"x\r\n" * 200_000)
    assert dsn.read(text).message_id == "", "what it is about comes too late"


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\n--x--",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n"
        + b"Content-Type: message/rfc822\r\n\r\n" * 5000,
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: message/global-delivery-status\r\n\r\n--x--",
        reports.postfix(OURS, ADA).replace(b"rfc822; ada@", b"=?utf-99?b?####?= \xff\xff@"),
        reports.postfix(OURS, ADA).replace(b"Message-ID: <", b"Message-ID: =?x?q?<"),
    ],
)
def test_what_cannot_be_taken_apart_breaks_nothing(mail):
    report = dsn.read(mail)

    assert report is None or delivery_of(report.message_id) in ("", ID)


def test_a_copy_is_known_by_its_own_id_also_where_it_has_none():
    bare = reports.postfix(OURS, ADA).replace(b"Message-Id: <20260310120501.4BX7@relay.example.net>\r\n", b"")

    assert dsn.read(reports.postfix(OURS, ADA)).id == "<20260310120501.4BX7@relay.example.net>"
    assert dsn.read(bare).id == dsn.read(bare).id != dsn.read(bare + b"\r\n.").id


def test_ids_of_our_mails_are_told_from_others():
    assert delivery_of(message_id(ID, "Sightline <reports@example.org>")) == ID
    assert [
        delivery_of(other) for other in ("", "<4711@example.org>", f"{ID}", f"<{ID}@a@b>", f"<{ID.upper()}@a>")
    ] == [""] * 5
