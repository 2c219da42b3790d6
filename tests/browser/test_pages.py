"""Every page, for whoever may see it and for whoever may not."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from components.navigation import PAGES, PageEntry
from core.context import ROLES
from core.documents.theme import contrast
from core.people import service as people

from .conftest import PAINTED, Running, settled

pytestmark = pytest.mark.browser

SignedIn = Callable[[str], Page]
INSIDE = [entry for entry in PAGES if entry.capability is not None]


@pytest.mark.parametrize("entry", INSIDE, ids=lambda entry: entry.url_path)
def test_every_page_opens_without_a_fault_and_asks_no_stranger(signed_in: SignedIn, entry: PageEntry) -> None:
    page, asked = signed_in("demo"), set()
    page.on("request", lambda request: asked.add(request.url))

    page.goto(f"/{entry.url_path}")
    page.get_by_test_id("stHeading").first.wait_for()
    settled(page)

    own = page.evaluate("() => location.origin")
    strangers = [url for url in asked if not url.startswith((own, own.replace("http", "ws"), "data:", "blob:"))]
    assert strangers == []


@pytest.mark.parametrize(
    "entry", [e for e in INSIDE if e.capability not in ROLES["viewer"]], ids=lambda entry: entry.url_path
)
def test_a_viewer_does_not_come_to_pages_of_others(signed_in: SignedIn, entry: PageEntry) -> None:
    page = signed_in("vera")

    page.goto(f"/{entry.url_path}")

    expect(page.get_by_text(f"may not {entry.capability}")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_role("heading")).to_have_count(0)
    expect(page.get_by_test_id("stSidebarNav").get_by_text(entry.title, exact=True)).to_have_count(0)


def test_a_page_of_charts_leaves_the_console_quiet(signed_in: SignedIn) -> None:
    page, said = signed_in("demo"), list[str]()
    page.on("console", lambda message: said.append(message.text))

    page.goto("/compare")
    settled(page)
    page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").last.wait_for()

    assert [text for text in said if "WARN" in text] == []


CHOSEN = (("/people", "[data-testid=stTab][aria-selected=true] p"), ("/compare", "button[data-selected=true] p"))


@pytest.mark.parametrize(("address", "which"), CHOSEN, ids=["tab", "choice"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_chosen_can_be_read(signed_in: SignedIn, scheme: Any, address: str, which: str) -> None:
    page = signed_in("demo")
    page.emulate_media(color_scheme=scheme)

    page.goto(address)
    settled(page)
    page.wait_for_function(
        "() => [...document.querySelectorAll('style')].some(e => e.textContent.includes('light-dark'))"
    )
    words, ground = page.locator(which).first.evaluate(PAINTED)

    assert contrast(words, ground) >= 4.5, (words, ground)


def test_filtering_by_team_changes_the_address_and_goes_along(signed_in: SignedIn, running: Running) -> None:
    team = people.teams(running.context())[0]
    page = signed_in("demo")
    page.goto("/")
    page.get_by_role("heading", name="Overview", level=1).wait_for()
    settled(page)

    page.get_by_label("Teams").click()
    page.get_by_role("option", name=team.name, exact=True).click()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(f"team={team.id}"))
    settled(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Activity").click()

    expect(page.get_by_role("heading", name="Activity", exact=True, level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(f"activity.*team={team.id}"))


def test_a_link_with_filters_shows_them(signed_in: SignedIn) -> None:
    page = signed_in("demo")

    page.goto("/?period=2026-01-01..2026-01-31&compare=none")
    settled(page)

    expect(page.get_by_role("combobox", name="Period", exact=True)).to_have_value("Custom dates…")
    assert "period=2026-01-01..2026-01-31" in page.url


def test_a_broken_link_is_mended_with_a_sentence(signed_in: SignedIn) -> None:
    page = signed_in("demo")

    page.goto("/?period=never..ever&team=unknown&compare=what")
    page.get_by_role("heading", name="Overview", level=1).wait_for()

    settled(page)
    expect(page.get_by_text("The last 30 days are shown.")).to_be_visible()


def test_a_metrics_store_that_was_killed_is_started_again_under_an_open_page(
    signed_in: SignedIn, running: Running
) -> None:
    page = signed_in("demo")
    page.goto("/activity")
    page.get_by_test_id("stMetric").first.wait_for()
    settled(page)
    card = json.loads((running.house.settings.run_dir / "metrics.json").read_text())
    os.kill(card["pid"], signal.SIGKILL)

    page.get_by_role("combobox", name="Period", exact=True).click()
    page.get_by_role("option", name="Last 90 days", exact=True).click()

    expect(page).to_have_url(re.compile("period=last_90_days"))
    settled(page)
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_deep_link_into_another_workspace_shows_nothing_of_it(signed_in: SignedIn, running: Running) -> None:
    demo = running.context()
    team = max(people.teams(demo), key=lambda one: len(one.name))
    person = people.people(demo)[0]
    page = signed_in("olga")

    for address in (f"/?team={team.id}", f"/team?team={team.id}", f"/developer?person={person.id}"):
        page.goto(address)
        page.get_by_test_id("stHeading").first.wait_for()
        settled(page)
        text = page.get_by_test_id("stMain").inner_text()
        assert team.name not in text and person.name not in text


def test_the_menu_names_the_workspace_and_marks_the_demo(signed_in: SignedIn) -> None:
    page = signed_in("vera")
    page.goto("/")

    expect(page.get_by_test_id("stSidebar").get_by_text("(demo)")).to_be_visible()
    expect(page.get_by_text("Demo data").first).to_be_visible()


def test_an_admin_adds_a_user_and_gets_a_link_for_them(signed_in: SignedIn, running: Running) -> None:
    page = signed_in("demo")
    page.goto("/users")

    page.get_by_label("User name", exact=True).fill("grace")
    page.get_by_label("E-mail", exact=True).fill("grace@example.org")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_text("Give this link to grace")).to_be_visible()
    expect(page.get_by_text(f"{running.url}/set-password?token=")).to_be_visible()
