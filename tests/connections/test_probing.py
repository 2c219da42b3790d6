"""A test that is really sent by an output's connection: to whom it says, told, and leaving nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.access.models import AuditEntry
from core.base.errors import BadInput, DeliveryFailed, NotAllowed, SightlineError
from core.base.settings import settings
from core.connections import service
from core.context import Context
from core.delivery.outputs.s3 import S3
from tests.connections.conftest import mail, slack, store
from tests.delivery.post_office import PostOffice
from tests.servers.replies import Replies, Reply
from tests.servers.sshd import Sshd

Acting = Callable[[str], Context]


def noted(ctx: Context) -> list[tuple[Any, Any]]:
    """(name, facts) of every test that stands in the audit trail."""
    here = sa.select(AuditEntry).where(
        AuditEntry.workspace_id == ctx.workspace.id, AuditEntry.action == "connection test sent"
    )
    with ctx.app.reading() as session:
        return [(row.subject, row.detail) for row in session.scalars(here)]


def test_a_mail_of_one_sentence_goes_to_who_always_gets_the_reports(ctx: Context, office: PostOffice) -> None:
    one = service.create(ctx, "post", "smtp", mail(office, email_to=["team@example.org"], formats=["pdf"]))

    assert service.foretold(ctx, one.id) == "A message of one sentence goes to team@example.org."
    said = service.probe(ctx, one.id)

    assert said == f"Mailed to team@example.org by 127.0.0.1:{office.port}."
    (letter,) = office.mails
    assert (letter["X-Envelope-To"], letter["From"]) == ("team@example.org", "Reports <reports@example.org>")
    assert letter["Subject"] == "Test from Sightline"
    assert "by the connection 'post' of" in letter.get_body(("plain",)).get_content()
    assert list(letter.iter_attachments()) == []
    assert service.connection(ctx, "post").check_text == said
    assert noted(ctx) == [("post", {"to": "team@example.org", "said": said})]


def test_a_mail_goes_to_whoever_asks_or_is_named(ctx: Context, office: PostOffice) -> None:
    me = replace(ctx, actor=replace(ctx.actor, email="ada@example.org"))
    one = service.create(me, "post", "smtp", mail(office))

    service.probe(me, one.id)
    service.probe(me, one.id, "ann@example.org, bob@example.org")

    assert [letter["X-Envelope-To"] for letter in office.mails] == [
        "ada@example.org", "ann@example.org", "bob@example.org",
    ]  # fmt: skip


def test_a_message_goes_to_a_channel(ctx: Context, service_: Replies) -> None:
    one = service.create(ctx, "chat", "slack", slack(service_))

    with pytest.raises(BadInput, match=r"'chat' leaves to each report who gets it\. Say to whom the test goes"):
        service.foretold(ctx, one.id)
    assert service.probe(ctx, one.id, "#ops") == "Posted to #ops."

    (message,) = service_.to("/chat.postMessage")
    assert message.json["channel"] == "#ops"
    assert "by the connection 'chat' of" in str(message.json["blocks"])


def test_a_mail_goes_by_sendgrid(ctx: Context, service_: Replies) -> None:
    args = {"api_key": "SG.hush", "email_from": "a@example.org", "api": service_.url}
    one = service.create(ctx, "grid", "sendgrid", args)

    assert service.probe(ctx, one.id, "ann@example.org") == "Mailed to ann@example.org by SendGrid."
    (asked,) = service_.to("/v3/mail/send")
    assert asked.json["personalizations"] == [{"to": [{"email": "ann@example.org"}]}]
    assert "attachments" not in asked.json


def test_an_object_is_put_into_the_bucket_and_removed(
    ctx: Context, s3_address: str, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = service.create(ctx, "store", "s3", store(s3_address, bucket, prefix="reports"))
    put, seen = S3._put, list[str]()

    def watched(output: S3, client: Any, path: str, *args: Any, **more: Any) -> None:
        put(output, client, path, *args, **more)
        seen.extend(found.key for found in bucket.objects.all())

    monkeypatch.setattr(S3, "_put", watched)
    said = service.probe(ctx, one.id)

    (key,) = seen
    assert key.startswith("reports/sightline-test-")
    assert said == f"Put a test to s3://{bucket.name}/{key} and removed it."
    assert list(bucket.objects.all()) == []


def test_a_bucket_that_is_not_there_is_told_and_noted(ctx: Context, s3_address: str, bucket: Any) -> None:
    one = service.create(ctx, "gone", "s3", {**store(s3_address, bucket), "bucket": "no-such-bucket-here"})

    with pytest.raises(DeliveryFailed, match="there is no bucket of this name"):
        service.probe(ctx, one.id)

    ((name, facts),) = noted(ctx)
    assert name == "gone"
    assert "there is no bucket" in facts["failed"]


@pytest.mark.parametrize("more", [{}, {"remote_path_group": "root"}], ids=["as who logs in", "for a group"])
def test_a_file_is_put_to_the_machine_and_removed(
    ctx: Context, machine: Sshd, tmp_path: Path, more: dict[str, Any]
) -> None:
    there = tmp_path / "it's www"
    one = service.create(ctx, "web", "scp", {**machine.args, "remote_path": str(there), **more})

    said = service.probe(ctx, one.id)

    assert said.startswith(f"Copied a test to 127.0.0.1:{there}/sightline-test-")
    assert said.endswith(".txt and removed it.")
    assert there.is_dir()
    assert list(there.iterdir()) == []
    assert list(Path.home().glob("sightline-test-*")) == []


def test_a_machine_that_takes_no_file_is_told(ctx: Context, machine: Sshd, tmp_path: Path) -> None:
    (tmp_path / "www").write_text("a file where the folder should be")
    one = service.create(ctx, "web", "scp", {**machine.args, "remote_path": str(tmp_path / "www")})

    with pytest.raises(DeliveryFailed, match=r"127\.0\.0\.1 took no file"):
        service.probe(ctx, one.id)


def test_who_may_schedule_may_send_and_nobody_else(ctx: Context, acting: Acting, office: PostOffice) -> None:
    one = service.create(ctx, "post", "smtp", mail(office))

    for deed in (service.foretold, service.probe):
        with pytest.raises(NotAllowed):
            deed(acting("member"), one.id, "me@example.org")
    service.probe(acting("manager"), one.id, "me@example.org")

    assert [letter["X-Envelope-To"] for letter in office.mails] == ["me@example.org"]


def test_nothing_is_sent_to_what_reports_ask(ctx: Context) -> None:
    one = service.create(ctx, "shop", "sql", {"driver": "sqlite", "database": "shop.db"})

    with pytest.raises(BadInput, match="Nothing is sent to the connection 'shop'"):
        service.probe(ctx, one.id)


def test_a_refusal_is_told_and_no_network_that_is_closed_is_reached(
    ctx: Context, service_: Replies, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    service_.routes["/chat.postMessage"] = Reply({"ok": False, "error": "not_in_channel"})
    chat = service.create(ctx, "chat", "slack", slack(service_, channels=["#ops"]))
    post = service.create(ctx, "post", "smtp", mail(office))

    with pytest.raises(DeliveryFailed, match="Invite it there with /invite"):
        service.probe(ctx, chat.id)
    monkeypatch.setenv("SIGHTLINE_OUTBOUND_DENY", "private")
    settings.cache_clear()
    with pytest.raises(SightlineError, match="may not reach"):
        service.probe(ctx, post.id, "me@example.org")
    monkeypatch.delenv("SIGHTLINE_OUTBOUND_DENY")
    settings.cache_clear()

    assert office.mails == []


@pytest.fixture
def service_(service: Replies) -> Replies:
    return service
