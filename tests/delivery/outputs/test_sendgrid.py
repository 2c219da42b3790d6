"""Mail by SendGrid's API, on a server that answers as it does."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest

from core.base.errors import BadInput, DeliveryFailed
from core.delivery.outputs.output import Parcel
from core.delivery.outputs.sending import opened
from tests.servers import free_port
from tests.servers.replies import Asked, Replies, Reply, replying

SEND = "/v3/mail/send"


@pytest.fixture
def service() -> Iterator[Replies]:
    with replying() as replies:
        replies.routes[SEND] = Reply("", 202, {"X-Message-Id": "abc"})
        yield replies


def sent(parcel: Parcel, service: Replies, **more: Any) -> str:
    args = {
        "email_from": "Reports <r@example.org>",
        "email_to": ["ann@example.org", "bob@example.org"],
        "api_key": "SG.k",
    }
    return opened("mail", "sendgrid", {**args, "api": service.url, **more}).send(parcel)


def test_a_mail_is_handed_over_with_pictures_and_files(parcel: Parcel, service: Replies):
    answer = sent(parcel, service, formats=["xlsx"])

    assert answer == "Mailed to ann@example.org, bob@example.org by SendGrid"
    (asked,) = service.asked
    assert asked.headers["authorization"] == "Bearer SG.k"
    said = asked.json
    assert said["personalizations"] == [{"to": [{"email": "ann@example.org"}, {"email": "bob@example.org"}]}]
    assert said["from"] == {"email": "r@example.org", "name": "Reports"}
    assert said["subject"] == "Ops report: Über <all>: 2 Mar 2026 – 8 Mar 2026"
    assert [part["type"] for part in said["content"]] == ["text/plain", "text/html"]
    assert said["mail_settings"] == {"sandbox_mode": {"enable": False}}
    inline = [one for one in said["attachments"] if one["disposition"] == "inline"]
    page = said["content"][1]["value"]
    assert {one["content_id"] for one in inline} == set(re.findall(r'src="cid:([^"]+)"', page))
    assert all(b64decode(one["content"]).startswith(b"\x89PNG") for one in inline)
    (file,) = [one for one in said["attachments"] if one["disposition"] == "attachment"]
    assert file["filename"].endswith(".xlsx")
    assert b64decode(file["content"]).startswith(b"PK")


@pytest.mark.parametrize(("value", "enabled"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_the_sandbox_checks_and_sends_nothing(
    parcel: Parcel, service: Replies, monkeypatch: pytest.MonkeyPatch, value: str, enabled: bool
):
    monkeypatch.setenv("SENDGRID_SANDBOX_ENABLED", value)
    answer = sent(parcel, service)

    assert service.asked[0].json["mail_settings"]["sandbox_mode"]["enable"] is enabled
    assert ("it was not sent, since SENDGRID_SANDBOX_ENABLED is set" in answer) is enabled


def test_the_key_may_stand_in_the_services_own_variable(
    parcel: Parcel, service: Replies, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.from-outside")
    sent(parcel, service, api_key="")

    assert service.asked[0].headers["authorization"] == "Bearer SG.from-outside"


def test_without_a_key_it_says_where_to_write_one(parcel: Parcel, service: Replies, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SENDGRID_API_KEY", raising=False)

    with pytest.raises(BadInput) as caught:
        sent(parcel, service, api_key="")
    assert caught.value.message == "The output 'mail' needs 'api_key'. Write it there, or set SENDGRID_API_KEY."
    assert service.asked == []


def test_what_is_put_off_is_sent_again_and_then_not_once_more(parcel: Parcel, service: Replies):
    service.routes[SEND] = [
        Reply({"errors": [{"message": "busy"}]}, 503),
        Reply("", 429, {"Retry-After": "0"}),
        Reply("", 202),
    ]
    sent(parcel, service)

    assert len(service.asked) == 3


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (
            Reply({"errors": [{"message": "The provided authorization grant is invalid"}]}, 401),
            "PLACE refused the login (401: The provided authorization grant is invalid). Check its credentials.",
        ),
        (
            Reply({"errors": [{"message": "The from address is not verified."}]}, 403),
            "refused the login (403: The from address is not verified.). Check its credentials.",
        ),
        (Reply({"errors": [{"message": "too large"}]}, 413), "answered 413: too large."),
        (Reply("", 500), "answered 500."),
    ],
)
def test_a_refusal_names_who_did_not_get_it_and_why(parcel: Parcel, service: Replies, reply: Reply, sentence: str):
    service.routes[SEND] = reply

    with pytest.raises(DeliveryFailed) as caught:
        sent(parcel, service)
    start = "The output 'mail' (sendgrid) did not reach ann@example.org, bob@example.org: "
    assert caught.value.message.startswith(start)
    assert caught.value.message.endswith(sentence.replace("PLACE", service.url.removeprefix("http://")))
    assert "SG.k" not in caught.value.message
    assert len(service.asked) == 1


def test_a_mail_that_may_have_been_taken_is_not_sent_twice(parcel: Parcel, service: Replies):
    def silent(asked: Asked) -> Reply:
        raise ConnectionAbortedError

    service.routes[SEND] = silent

    with pytest.raises(DeliveryFailed, match="did not answer"):
        sent(parcel, service)
    assert len(service.asked) == 1


def test_a_gateway_that_gives_up_is_not_asked_twice(parcel: Parcel, service: Replies):
    service.routes[SEND] = Reply("", 504)

    with pytest.raises(DeliveryFailed, match="answered 504"):
        sent(parcel, service)
    assert len(service.asked) == 1


def test_a_service_that_is_down_is_named(parcel: Parcel):
    gone = Replies(url=f"http://127.0.0.1:{free_port()}")

    with pytest.raises(DeliveryFailed, match=r"did not reach .*: 127\.0\.0\.1:\d+ did not answer"):
        sent(parcel, gone)
