"""What the web app serves beside its pages, asked over HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core import bootstrap
from core.access import sessions, users, workspaces
from core.access.loopback import is_local
from core.bootstrap import House
from core.entrypoints.api import routes
from core.entrypoints.api.headers import SecurityHeaders
from tests import fresh

from .conftest import PASSWORD

OURS = {"X-Requested-With": "sightline"}


@pytest.fixture
def rooms(home: Path, blank: Path) -> Iterator[House]:
    """This process's own house, as the web app would open it, with Ada in it."""
    bootstrap.house.cache_clear()
    shutil.copyfile(blank, home / "app.db")
    house = bootstrap.house()
    fresh.hasty(house.app)
    ctx = house.context(workspaces.create(house.app, name="Acme", now=house.clock()))
    users.add(ctx, username="ada", email="ada@example.org", role="viewer", password=PASSWORD)
    yield house
    house.app.close()
    (home / "app.db").unlink()
    bootstrap.house.cache_clear()


@pytest.fixture
def client(rooms: House) -> TestClient:
    return TestClient(Starlette(routes=routes(), middleware=[Middleware(SecurityHeaders)]))


@pytest.fixture
def ticket(rooms: House) -> str:
    return sessions.start(rooms.app, users.named(rooms.app, "ada").id, now=rooms.clock())[1]


def test_a_ticket_becomes_a_cookie_that_scripts_cannot_read(client: TestClient, ticket: str) -> None:
    answer = client.post("/session", headers={**OURS, "X-Ticket": ticket})

    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 200
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie
    assert client.get("/api/me").json()["user"] == "ada"


def test_behind_https_the_cookie_is_secure(rooms: House, ticket: str) -> None:
    client = TestClient(Starlette(routes=routes()), base_url="https://bi.example.org")

    answer = client.post("/session", headers={**OURS, "X-Ticket": ticket})

    assert "secure" in answer.headers["set-cookie"].lower()


def test_a_used_ticket_is_refused(client: TestClient, ticket: str) -> None:
    client.post("/session", headers={**OURS, "X-Ticket": ticket})

    assert client.post("/session", headers={**OURS, "X-Ticket": ticket}).status_code == 403


def test_signing_out_makes_the_old_cookie_worthless(client: TestClient, ticket: str) -> None:
    client.post("/session", headers={**OURS, "X-Ticket": ticket})
    cookie = client.cookies[sessions.COOKIE]

    client.post("/session/end", headers=OURS)
    client.cookies.set(sessions.COOKIE, cookie)

    assert client.get("/api/me").status_code == 401


def test_nobody_is_nobody(client: TestClient) -> None:
    assert client.get("/api/me").status_code == 401
    client.cookies.set(sessions.COOKIE, "made up")
    assert client.get("/api/me").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {**OURS, "Origin": "https://evil.example"},
        {**OURS, "Origin": "null"},
        {**OURS, "Sec-Fetch-Site": "cross-site"},
        {},
    ],
)
def test_another_sites_page_can_neither_sign_in_nor_out(
    client: TestClient, ticket: str, headers: dict[str, str]
) -> None:
    client.headers.pop("x-requested-with", None)

    assert client.post("/session", headers={**headers, "X-Ticket": ticket}).status_code == 403
    assert client.post("/session/end", headers=headers).status_code == 403


def test_our_own_origin_is_let_in(client: TestClient, ticket: str) -> None:
    headers = {**OURS, "X-Ticket": ticket, "Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}

    assert client.post("/session", headers=headers).status_code == 200


def test_every_answer_tells_the_browser_what_pages_never_do(client: TestClient) -> None:
    headers = client.get("/api/me").headers

    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_get_begins_no_session(client: TestClient, ticket: str) -> None:
    assert client.get("/session", headers={"X-Ticket": ticket}).status_code == 405


@pytest.mark.parametrize(
    ("peer", "headers", "local"),
    [
        ("127.0.0.1", {"host": "localhost:8501"}, True),
        ("::1", {"host": "[::1]:8501"}, True),
        ("10.0.0.7", {"host": "localhost"}, False),
        ("127.0.0.1", {"host": "evil.example"}, False),
        ("127.0.0.1", {}, False),
        ("127.0.0.1", {"host": "localhost", "x-forwarded-for": "203.0.113.9"}, False),
        ("127.0.0.1", {"host": "localhost", "forwarded": "for=203.0.113.9"}, False),
    ],
)
def test_only_this_machine_by_its_own_name_is_local(peer: str, headers: dict[str, str], local: bool) -> None:
    assert is_local(peer, headers) is local


def test_a_download_link_asks_for_a_sign_in_first(client: TestClient) -> None:
    answer = client.get("/download/made-up", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (307, "/reports")


def test_a_made_up_download_link_opens_nothing(client: TestClient, ticket: str) -> None:
    client.post("/session", headers={**OURS, "X-Ticket": ticket})

    answer = client.get("/download/made-up")

    assert answer.status_code == 404
    assert answer.text.startswith("This download link is not valid.")


def test_the_first_page_keeps_its_filters_when_asked_for_by_name(client: TestClient) -> None:
    answer = client.get("/overview?period=last_7_days&team=x", follow_redirects=False)

    assert answer.headers["location"] == "/?period=last_7_days&team=x"
