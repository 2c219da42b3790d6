"""Servers that reports are sent to: a post office, Slack's and SendGrid's replies, a bucket, a machine with SSH."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from core.delivery.outputs import trying
from tests.delivery.conftest import hands, mailing  # noqa: F401 - fixtures
from tests.delivery.post_office import USER, PostOffice, sign_in
from tests.servers.buckets import KEYS, new_bucket, storing
from tests.servers.replies import Asked, Replies, Reply, replying
from tests.servers.sshd import Sshd, sshd


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "PAUSES", (0.0, 0.01, 0.01))


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that wants a login."""
    options = {"authenticator": sign_in, "auth_require_tls": False, "auth_required": True}
    server = PostOffice(options=options).start()
    yield server
    server.stop()


@pytest.fixture
def service() -> Iterator[Replies]:
    """Slack and SendGrid."""
    with replying() as replies:
        numbers = count(1)

        def place(asked: Asked) -> Reply:
            return Reply({"ok": True, "upload_url": f"{replies.url}/upload", "file_id": f"F{next(numbers)}"})

        replies.routes |= {
            "/auth.test": Reply({"ok": True, "user": "reporter", "team": "Acme"}),
            "/chat.postMessage": Reply({"ok": True, "channel": "C01", "ts": "1.2"}),
            "/files.getUploadURLExternal": place,
            "/upload": Reply("OK"),
            "/files.completeUploadExternal": Reply({"ok": True}),
            "/v3/scopes": Reply({"scopes": ["mail.send"]}),
            "/v3/mail/send": Reply("", 202),
        }
        yield replies


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    with storing() as address:
        yield address


@pytest.fixture
def bucket(s3_address: str) -> Any:
    return new_bucket(s3_address)


@pytest.fixture
def machine(connection_files: Path) -> Iterator[Sshd]:
    """Its keys lie where connections may open files."""
    with sshd(connection_files / "ssh") as running:
        yield running


def mail(office: PostOffice, **more: Any) -> dict[str, Any]:
    """The settings of a mail server."""
    login = {"smtp_user": USER, "smtp_password": "open sesame"}
    server = {"smtp_host": "127.0.0.1", "smtp_port": office.port, "email_from": "Reports <reports@example.org>"}
    return {**server, **login, **more}


def slack(service: Replies, **more: Any) -> dict[str, Any]:
    return {"api_token": "xoxb-hush", "api": service.url, **more}


def store(address: str, bucket: Any, **more: Any) -> dict[str, Any]:
    return {"bucket": bucket.name, "endpoint_url": address, **KEYS, **more}
