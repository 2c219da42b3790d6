"""Servers that reports are sent to: a post office, Slack's and SendGrid's replies, a bucket, a machine with SSH."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from core.base.settings import settings
from core.delivery.outputs import trying
from tests.delivery.conftest import hands, mailing  # noqa: F401 - fixtures
from tests.delivery.post_office import USER, PostOffice, sign_in
from tests.servers import free_port
from tests.servers.replies import Asked, Replies, Reply, replying
from tests.servers.sshd import Sshd, sshd

KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "eu-central-1"}


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
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_address: str) -> Any:
    made = boto3.resource("s3", endpoint_url=s3_address, **KEYS).Bucket(f"reports-{uuid4().hex[:12]}")
    made.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return made


@pytest.fixture
def folder(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder below which connections may open files."""
    folder = tmp_path / "files"
    folder.mkdir()
    monkeypatch.setenv("SIGHTLINE_CONNECTION_FILES", str(folder))
    settings.cache_clear()
    yield folder
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def machine(folder: Path) -> Iterator[Sshd]:
    """Its keys lie where connections may open files."""
    with sshd(folder / "ssh") as running:
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
