"""The whole house as a newcomer starts it, with a mail server beside it, and Chromium before it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.access import sessions, users, workspaces
from core.base.settings import Settings
from core.bootstrap import House, build
from core.context import Context

from .settling import at_rest, counting

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a sentence of several words"
PATIENCE_MS = 40_000
expect.set_options(timeout=PATIENCE_MS)

PAINTED = """e => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number)
  const solid = at => parts(getComputedStyle(at).backgroundColor)
  e.scrollIntoView({block: 'center'})
  const box = e.getBoundingClientRect()
  const below = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2)
  const ground = below.find(at => (solid(at)[3] ?? 1) > 0)
  const under = solid(document.querySelector('.stApp')), [r, g, b, a = 1] = solid(ground)
  const hex = colour => '#' + colour.map(part => Math.round(part).toString(16).padStart(2, '0')).join('')
  const words = parts(getComputedStyle(e).color).slice(0, 3)
  return [hex(words), hex([r, g, b].map((part, i) => part * a + under[i] * (1 - a)))]
}"""
"""The colour of an element's words, and of what lies below them."""


@dataclass
class Mailbox:
    """Keeps every mail that arrives."""

    mails: list[Message] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content))
        return "250 OK"


@dataclass(frozen=True)
class Running:
    """The running system."""

    url: str
    house: House
    """The same stores, opened by the test process."""
    mailbox: Mailbox
    setup_link: str

    def context(self, slug: str = "demo") -> Context:
        return self.house.context(workspaces.find(self.house.app, slug))


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`sightline up` in a home of its own, with a viewer in the demo and a stranger in another workspace.

    It stops with the last of these tests: its worker would go on beside all the others.
    """
    mailbox, smtp_port = Mailbox(), _free_port()
    post = Controller(mailbox, hostname="127.0.0.1", port=smtp_port)
    post.start()
    mail = {
        "SIGHTLINE_SMTP_HOST": "127.0.0.1",
        "SIGHTLINE_SMTP_PORT": str(smtp_port),
        "SIGHTLINE_SMTP_SECURITY": "none",
    }
    try:
        with started(tmp_path_factory.mktemp("browser"), mailbox, **mail) as system:
            _people(system.house)
            yield system
    finally:
        post.stop()


@contextmanager
def started(home: Path, mailbox: Mailbox, *words: str, first: str = "", **environment: str) -> Iterator[Running]:
    """`sightline up` in this home, until the block ends. `first` is Python that runs before it."""
    port = _free_port()
    ours = {**os.environ, "SIGHTLINE_HOME": str(home), "SIGHTLINE_PORT": str(port), **environment}
    with (home / "up.log").open("w") as log:
        up = subprocess.Popen(
            [sys.executable, "-c", f"{first}\nfrom core.entrypoints.cli import main; main()", "up", *words],
            cwd=ROOT, stdout=log, stderr=log, env=ours,
        )  # fmt: skip
    try:
        _wait(up, home / "up.log")
        house = build(Settings(home=home))
        yield Running(f"http://127.0.0.1:{port}", house, mailbox, _printed(home / "up.log", "/set-password?token="))
        house.close()
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(60)


@pytest.fixture
def window(chromium: Browser, running: Running) -> Iterator[BrowserContext]:
    """A browser that nobody has signed in with."""
    context = counting(chromium.new_context(base_url=running.url, viewport={"width": 1360, "height": 1000}))
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Page:
    return window.new_page()


@pytest.fixture
def signed_in(window: BrowserContext, running: Running) -> Callable[[str], Page]:
    """`signed_in("demo")` is a page of a browser that already has this user's cookie."""

    def enter(name: str) -> Page:
        app, now = running.house.app, running.house.clock()
        _, ticket = sessions.start(app, users.named(app, name).id, now=now)
        cookie = sessions.redeem(app, ticket, now)
        assert cookie
        window.add_cookies([{"name": sessions.COOKIE, "value": cookie, "url": running.url}])
        return window.new_page()

    return enter


def settled(page: Page) -> None:
    """Wait until the script has finished, and see that no page has met a fault."""
    page.get_by_test_id("stMainBlockContainer").wait_for()
    at_rest(page)
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_text("met a fault of ours").count() == 0, page.get_by_text("met a fault of ours").inner_text()


def until_signed_in(page: Page, signed_in: bool = True, limit_s: float = 40.0) -> None:
    """Wait until the browser's cookie is good, or is good no more."""
    deadline = time.monotonic() + limit_s
    while page.request.get("/api/me").ok is not signed_in:
        assert time.monotonic() < deadline, "The cookie did not follow."
        time.sleep(0.1)


def _people(house: House) -> None:
    demo = house.context(workspaces.find(house.app, "demo"))
    users.add(demo, username="vera", email="vera@example.org", role="viewer", password=PASSWORD)
    users.add(demo, username="mara", email="mara@example.org", role="manager", password=PASSWORD)
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))
    users.add(other, username="olga", email="olga@example.org", role="admin", password=PASSWORD)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(up: subprocess.Popen[bytes], log: Path, limit_s: float = 120.0) -> None:
    """Return when the command says that it is ready."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline and up.poll() is None:
        if "Ctrl-C stops everything" in log.read_text():
            return
        time.sleep(0.2)
    raise TimeoutError(f"Sightline did not come up:\n{log.read_text()}")


def _printed(log: Path, mark: str) -> str:
    """The address that was printed with `mark` in it."""
    return next(word for word in log.read_text().split() if mark in word)
