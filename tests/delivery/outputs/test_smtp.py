"""Mail by a real server on loopback."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from core.base.errors import BadInput, DeliveryFailed
from core.delivery.outputs.output import Parcel
from core.delivery.outputs.sending import opened
from tests.delivery.outputs.parcels import parcel as made
from tests.delivery.post_office import PASSWORD, USER, PostOffice, certificate, free_port, sign_in


@pytest.fixture
def office() -> Iterator[PostOffice]:
    server = PostOffice().start()
    yield server
    server.stop()


def sent(parcel: Parcel, office: PostOffice, **more: Any) -> str:
    args = {"email_from": "Reports <reports@example.org>", "email_to": ["ann@example.org", "bob@example.org"]}
    return opened("mail", "smtp", {**args, "smtp_host": "127.0.0.1", "smtp_port": office.port, **more}).send(parcel)


def test_everybody_gets_one_mail_with_text_pages_pictures_and_files(parcel: Parcel, office: PostOffice):
    answer = sent(parcel, office, formats=["pdf", "csv"])

    assert answer == f"Mailed to ann@example.org, bob@example.org by 127.0.0.1:{office.port}"
    assert [mail["X-Envelope-To"] for mail in office.mails] == ["ann@example.org", "bob@example.org"]
    mail = office.mails[0]
    assert mail["To"] == "ann@example.org, bob@example.org"
    assert mail["From"] == "Reports <reports@example.org>"
    assert mail["Subject"] == "Ops report: Über <all>: 2 Mar 2026 – 8 Mar 2026"
    assert email.utils.parsedate_to_datetime(mail["Date"]) == parcel.document.generated_at
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", mail["Message-ID"])
    assert mail["Message-ID"] == office.mails[1]["Message-ID"]
    assert [part.get_filename() for part in mail.iter_attachments()] == [
        "ops-report-uber-all-2-mar-2026-to-8-mar-2026.pdf",
        "ops-report-uber-all-2-mar-2026-to-8-mar-2026.zip",
    ]


def test_the_text_part_is_text(parcel: Parcel, office: PostOffice):
    sent(parcel, office)

    text = office.mails[0].get_body(("plain",)).get_content()
    assert "Ops report: Über <all>" in text
    assert "deploy & roll" in text
    assert "&amp;" not in text
    assert "&lt;" not in text
    assert "<b>well" not in text


def test_embedded_pictures_are_named_by_valid_content_ids(parcel: Parcel, office: PostOffice):
    sent(parcel, office)

    body = office.mails[0].get_body(("related",))
    page = office.mails[0].get_body(("html",)).get_content()
    ids = [part["Content-ID"] for part in body.iter_attachments()]
    assert len(ids) == 2
    assert all(re.fullmatch(r"<[\w.-]+@[\w.-]+>", one) for one in ids)
    assert set(re.findall(r'src="cid:([^"]+)"', page)) == {one.strip("<>") for one in ids}
    assert all(part.get_content_type() == "image/png" for part in body.iter_attachments())


def test_remote_pictures_are_asked_for_where_the_report_is_served(parcel: Parcel, office: PostOffice):
    sent(parcel, office, image_strategy="remote", image_remote_base_url="https://reports.example.org/{id}/")

    page = office.mails[0].get_body(("html",)).get_content()
    base = "https://reports.example.org/2026-03-02_2026-03-09_ops-report-uber-all/figures"
    assert re.findall(r'<img[^>]*src="([^"]+)"', page) == [f"{base}/load.png", f"{base}/words/map.png"]
    assert not list(office.mails[0].iter_attachments())


def test_remote_pictures_need_a_place(parcel: Parcel, office: PostOffice):
    with pytest.raises(
        BadInput, match="The output 'mail' shows its pictures from afar, but names no image_remote_base_url"
    ):
        sent(parcel, office, image_strategy="remote")


def test_one_recipient_may_be_written_as_text(parcel: Parcel, office: PostOffice):
    sent(parcel, office, email_to="ann@example.org")

    assert [mail["X-Envelope-To"] for mail in office.mails] == ["ann@example.org"]


def test_a_refused_recipient_is_named_and_the_others_get_it_once(parcel: Parcel, office: PostOffice):
    office.refusals["ann@example.org"] = "550 5.1.1 No such mailbox"

    with pytest.raises(DeliveryFailed) as caught:
        sent(parcel, office)
    assert caught.value.message == (
        "The output 'mail' (smtp) did not reach ann@example.org: The mail server refused the recipient ann@example.org:"
        " 550 5.1.1 No such mailbox. 1 other recipient has it."
    )
    assert [mail["X-Envelope-To"] for mail in office.mails] == ["bob@example.org"]


def test_who_is_put_off_is_tried_again_and_nobody_gets_it_twice(parcel: Parcel, office: PostOffice):
    class Greylisting(PostOffice):
        async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
            if self.refusals.pop(address, ""):
                return "450 4.2.0 Greylisted"
            envelope.rcpt_tos.append(address)
            return "250 OK"

    grey = Greylisting(refusals={"ann@example.org": "once"}).start()
    try:
        sent(parcel, grey)
        assert sorted(mail["X-Envelope-To"] for mail in grey.mails) == ["ann@example.org", "bob@example.org"]
    finally:
        grey.stop()


def test_who_is_put_off_to_the_end_is_named(parcel: Parcel, office: PostOffice):
    office.refusals["bob@example.org"] = "451 4.3.0 Mailbox busy"

    with pytest.raises(DeliveryFailed, match=r"did not reach bob@example\.org: .*451 4\.3\.0 Mailbox busy\. 1 other"):
        sent(parcel, office)
    assert len(office.mails) == 1


def test_a_message_that_is_refused_names_all_who_lack_it(parcel: Parcel, office: PostOffice):
    office.refusals["DATA"] = "554 5.7.1 Looks like spam"

    with pytest.raises(
        DeliveryFailed, match=r"ann@example\.org: .*554 .*; bob@example\.org: .*554 5\.7\.1 Looks like spam"
    ):
        sent(parcel, office)


def test_a_server_without_encryption_is_told_of_in_one_sentence(parcel: Parcel, office: PostOffice):
    with pytest.raises(DeliveryFailed, match=r"Could not reach .*not supported by server\.$"):
        sent(parcel, office, email_to="ann@example.org", use_tls="starttls")


def test_a_server_that_is_down_is_named_with_its_address(parcel: Parcel):
    gone = PostOffice(port=free_port())

    with pytest.raises(DeliveryFailed) as caught:
        sent(parcel, gone, email_to="ann@example.org")
    assert caught.value.message == (
        "The output 'mail' (smtp) did not reach ann@example.org:"
        f" Could not reach the mail server 127.0.0.1:{gone.port}: Connection refused."
    )


def test_the_machines_own_metadata_address_is_no_mail_server(parcel: Parcel, office: PostOffice):
    with pytest.raises(BadInput, match="which reports may not reach"):
        sent(parcel, office, smtp_host="169.254.169.254")


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    context, authority = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    return context


@pytest.mark.parametrize("use_tls", [True, "starttls", "STARTTLS"])
def test_starttls_and_a_login(parcel: Parcel, secure: Any, use_tls: object):
    options = {"tls_context": secure, "authenticator": sign_in, "auth_required": True}
    server = PostOffice(options=options).start()
    try:
        sent(parcel, server, use_tls=use_tls, smtp_user=USER, smtp_password=PASSWORD)
        assert [mail["X-Secure"] for mail in server.mails] == ["yes", "yes"]
    finally:
        server.stop()


def test_tls_from_the_start(parcel: Parcel, secure: Any):
    server = PostOffice(tls=secure).start()
    try:
        sent(parcel, server, use_tls="tls")
        assert server.mails[0]["X-Secure"] == "yes"
    finally:
        server.stop()


def test_a_wrong_password_is_tried_once_and_said_without_it(parcel: Parcel, secure: Any):
    sessions: set[int] = set()

    def refuse(*args: Any) -> Any:
        sessions.add(id(args[1]))
        return sign_in(*args)

    server = PostOffice(options={"tls_context": secure, "authenticator": refuse, "auth_required": True}).start()
    try:
        with pytest.raises(DeliveryFailed) as caught:
            sent(parcel, server, use_tls=True, smtp_user=USER, smtp_password="hunter2")
    finally:
        server.stop()
    assert "was refused (535 5.7.8" in caught.value.message
    assert caught.value.message.endswith("Check smtp_user and smtp_password.")
    assert "hunter2" not in caught.value.message
    assert len(sessions) == 1


def test_a_server_without_starttls_is_not_spoken_to_in_the_clear(parcel: Parcel, office: PostOffice):
    with pytest.raises(DeliveryFailed, match="STARTTLS extension not supported"):
        sent(parcel, office, use_tls=True)
    assert office.mails == []


def test_a_name_of_strangers_does_not_reach_the_headers(office: PostOffice):
    sent(made(title="Report\r\nBcc: evil@example.org"), office, email_to="ann@example.org")

    assert office.mails[0]["Subject"].startswith("Report Bcc: evil@example.org")
    assert "Bcc" not in office.mails[0]
