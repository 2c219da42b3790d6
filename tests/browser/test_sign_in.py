"""Coming in, and staying out, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.access import first_start

from .conftest import PASSWORD, Running, settled, until_signed_in

pytestmark = pytest.mark.browser

SignedIn = Callable[[str], Page]


def fill(page: Page, name: str, password: str) -> None:
    page.get_by_label("User name or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()


def test_a_newcomer_signs_in_with_what_the_page_tells_and_stays_so(page: Page, window: BrowserContext) -> None:
    page.goto("/")
    expect(page.get_by_text("To look around, sign in as")).to_contain_text(first_start.DEMO_PASSWORD)

    fill(page, first_start.DEMO_NAME, first_start.DEMO_PASSWORD)
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    until_signed_in(page)
    page.reload()

    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    (cookie,) = [one for one in window.cookies() if one["name"] == "sightline_session"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    assert page.evaluate("() => document.cookie.includes('sightline_session')") is False


def test_a_deep_link_opens_after_the_sign_in_with_its_filters(page: Page) -> None:
    page.goto("/team?period=last_90_days&compare=year")

    fill(page, "mara", PASSWORD)

    expect(page.get_by_role("heading", name="Team", exact=True, level=1)).to_be_visible()
    expect(page.get_by_role("combobox", name="Period", exact=True)).to_have_value("Last 90 days")
    assert "period=last_90_days" in page.url and "compare=year" in page.url


def test_signing_out_ends_every_tab_and_the_cookie(signed_in: SignedIn, window: BrowserContext) -> None:
    page = signed_in("mara")
    page.goto("/")
    other = window.new_page()
    other.goto("/account")
    expect(other.get_by_role("heading", name="Your account", level=1)).to_be_visible()

    page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("mara")).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    until_signed_in(page, False)

    other.get_by_role("button", name="Change password").click()
    expect(other.get_by_label("User name or e-mail")).to_be_visible()


def test_after_five_wrong_passwords_the_page_says_how_long_to_wait(page: Page) -> None:
    page.goto("/")
    for _ in range(5):
        fill(page, "nobody-of-note", "a wrong password")
        expect(page.get_by_text("The name or the password is wrong.")).to_be_visible()
        settled(page)

    fill(page, "nobody-of-note", "a wrong password")

    expect(page.get_by_text(re.compile(r"Too many wrong passwords\. Wait \d+ seconds"))).to_be_visible()


def test_the_first_admin_sets_a_password_with_the_printed_link(page: Page, running: Running) -> None:
    page.goto(running.setup_link)
    expect(page.get_by_text("You will sign in as admin")).to_be_visible()

    page.get_by_role("textbox", name="New password").fill("short")
    page.get_by_label("The same again").fill("short")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("A password needs at least 10 characters")).to_be_visible()
    page.get_by_role("textbox", name="New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("Your password is set.")).to_be_visible()

    page.goto("/system")
    fill(page, "admin", PASSWORD)
    expect(page.get_by_role("heading", name="System", exact=True, level=1)).to_be_visible()


def test_a_changed_password_asks_for_a_new_sign_in(page: Page, running: Running) -> None:
    page.goto("/account")
    fill(page, "olga", PASSWORD)
    expect(page.get_by_role("heading", name="Your account", level=1)).to_be_visible()
    until_signed_in(page)

    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("textbox", name="New password").fill("another sentence of words")
    page.get_by_label("Repeat password").fill("another sentence of words")
    page.get_by_role("button", name="Change password").click()

    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    until_signed_in(page, False)
    fill(page, "olga", "another sentence of words")
    expect(page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("olga"))).to_be_visible()
