"""Coming in by the organisation's own sign-in, with a real provider on the other side."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from core.access import sessions, users, workspaces
from core.context import Context

from ..access.provider import CLIENT_ID, CLIENT_SECRET, Account, Provider
from .conftest import PASSWORD, Mailbox, Running, settled, started, until_signed_in

pytestmark = pytest.mark.browser

BUTTON = "Sign in with your organisation"
MARA = Account("Mara", {"email": "Mara@Example.org", "email_verified": True, "name": "Mara"})
STRANGER = Account("A stranger", {"email": "stranger@example.org", "email_verified": True})
PRETENDER = Account("Not really Mara", {"email": "mara@example.org", "email_verified": False})
NAMELESS = Account("Without an address", {"name": "Nobody"})
LEFT = Account("Dora who left", {"email": "dora@example.org", "email_verified": True})
QUIET = Account("Olga by userinfo", {"email": "olga@example.org", "email_verified": True}, only_in_userinfo=True)


@pytest.fixture(scope="module")
def listening() -> Iterator[Provider]:
    provider = Provider((MARA, STRANGER, PRETENDER, NAMELESS, LEFT, QUIET))
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture
def provider(listening: Provider) -> Iterator[Provider]:
    """The provider, as it should be, whatever a test has done to it before."""
    yield listening
    listening.failing = ""


@pytest.fixture(scope="module")
def running(listening: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`sightline up` without the demo, which knows the provider, with one workspace."""
    told = {
        "SIGHTLINE_DEMO": "false",
        "SIGHTLINE_OIDC_CLIENT_ID": CLIENT_ID,
        "SIGHTLINE_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "SIGHTLINE_OIDC_METADATA_URL": listening.metadata_url,
    }
    with started(tmp_path_factory.mktemp("single-sign-on"), Mailbox(), **told) as system:
        house = system.house
        ctx = house.context(workspaces.create(house.app, name="Acme", now=house.clock()))
        users.add(ctx, username="mara", email="mara@example.org", role="manager", password=PASSWORD)
        users.add(ctx, username="olga", email="olga@example.org", role="viewer")
        users.add(ctx, username="dora", email="dora@example.org", role="viewer")
        users.set_active(ctx, "dora", False)
        yield system


@pytest.fixture
def acme(running: Running) -> Context:
    return running.context("acme")


def come_as(page: Page, account: Account) -> None:
    """Go to the provider and choose an account there."""
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_role("button", name=account.name, exact=True).click()


def expect_told(page: Page, sentence: str) -> None:
    expect(page.get_by_test_id("stAlert").get_by_text(sentence)).to_be_visible()


def browsers_of(ctx: Context, name: str) -> int:
    return len(sessions.of_user(ctx.app, users.named(ctx.app, name).id, ctx.clock()))


def cookies(window: BrowserContext) -> set[str]:
    return {one["name"] for one in window.cookies() if one["name"] != "_streamlit_session"} - {"_streamlit_xsrf"}


def test_a_user_comes_in_at_the_page_they_asked_for_and_stays(page: Page, window: BrowserContext) -> None:
    page.goto("/team?period=last_90_days&compare=year")

    come_as(page, MARA)

    expect(page.get_by_role("heading", name="Team", exact=True, level=1)).to_be_visible()
    assert "/team?" in page.url and "period=last_90_days" in page.url and "compare=year" in page.url
    until_signed_in(page)
    assert cookies(window) == {sessions.COOKIE}
    page.reload()
    expect(page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("mara"))).to_be_visible()


def test_signing_out_ends_the_session_and_no_way_back_begins_another(
    page: Page, window: BrowserContext, acme: Context
) -> None:
    before = browsers_of(acme, "mara")
    given: list[Response] = []
    page.on("response", lambda answer: given.append(answer) if "/oauth2callback" in answer.url else None)
    page.goto("/team")
    come_as(page, MARA)
    expect(page.get_by_role("heading", name="Team", exact=True, level=1)).to_be_visible()
    until_signed_in(page)
    assert browsers_of(acme, "mara") == before + 1

    page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("mara")).click()
    page.get_by_role("button", name="Sign out").click()
    until_signed_in(page, False)
    page.wait_for_url("/")

    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
    assert browsers_of(acme, "mara") == before
    page.go_back()
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
    window.add_cookies(_kept(given[0], page))
    page.goto("/team")
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
    settled(page)
    assert not page.request.get("/api/me").ok and browsers_of(acme, "mara") == before


def test_whoever_may_not_come_in_is_told_why_and_may_try_again(page: Page, window: BrowserContext) -> None:
    page.goto("/activity")
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
    for account, sentence in (
        (STRANGER, "Nobody has added stranger@example.org to Sightline yet."),
        (PRETENDER, "Your organisation's sign-in has not confirmed the address mara@example.org."),
        (NAMELESS, "Your organisation's sign-in told no e-mail address."),
        (LEFT, "The user dora is disabled."),
    ):
        with page.expect_response("**/session/end"):
            come_as(page, account)

        expect_told(page, sentence)
        expect(page.get_by_test_id("stSidebar")).to_have_count(0)
        assert page.url.endswith("/activity")
        assert cookies(window) == set() and not page.request.get("/api/me").ok

    come_as(page, MARA)
    expect(page.get_by_role("heading", name="Activity", exact=True, level=1)).to_be_visible()


def test_an_address_that_only_userinfo_tells_is_enough_and_no_password_is_asked_for(page: Page) -> None:
    page.goto("/account")

    come_as(page, QUIET)

    expect(page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("olga"))).to_be_visible()
    expect(page.get_by_text("You have no password here")).to_be_visible()
    expect(page.get_by_label("Current password")).to_have_count(0)


def test_whom_the_provider_refuses_is_told_so_in_our_words(page: Page) -> None:
    page.goto("/team?period=last_90_days")
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_role("button", name="Refuse").click()

    expect_told(page, "Your organisation's sign-in did not let you in.")
    assert page.url.endswith("/team?period=last_90_days")
    assert "Nobody</b>" not in page.content()


def test_an_answer_that_proves_nothing_lets_nobody_in(page: Page, provider: Provider) -> None:
    page.goto("/team")
    for provider.failing in ("token", "key", "nonce"):
        come_as(page, MARA)

        expect_told(page, "The sign-in with your organisation failed.")
        assert page.url.endswith("/team") and not page.request.get("/api/me").ok


def test_while_the_provider_is_down_the_page_says_so_and_passwords_still_work(page: Page, provider: Provider) -> None:
    page.goto("/team")
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
    provider.stop()
    try:
        page.get_by_role("button", name=BUTTON).click()

        expect(
            page.get_by_test_id("stAlert").get_by_text("Your organisation's sign-in does not answer.")
        ).to_be_visible()
    finally:
        provider.start()
    page.get_by_label("User name or e-mail").fill("mara")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    expect(page.get_by_role("heading", name="Team", exact=True, level=1)).to_be_visible()


def test_whoever_begins_at_another_name_of_the_server_comes_in_too(page: Page, running: Running) -> None:
    page.goto(running.url.replace("127.0.0.1", "localhost") + "/team?period=last_90_days")

    come_as(page, MARA)

    expect(page.get_by_role("heading", name="Team", exact=True, level=1)).to_be_visible()
    assert page.url.startswith(f"{running.url}/team?") and "period=last_90_days" in page.url


def _kept(answer: Response, page: Page) -> list[dict[str, str]]:
    """The provider's cookies, as somebody would have them who had written them down."""
    lines = [one["value"] for one in answer.headers_array() if one["name"].lower() == "set-cookie"]
    pairs = [line.partition(";")[0].partition("=")[::2] for line in lines if line.startswith("_streamlit_user")]
    assert pairs
    origin = page.url.rpartition("/")[0]
    return [{"name": name, "value": value, "url": origin} for name, value in pairs]
