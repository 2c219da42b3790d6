"""What a newcomer sees of a repository that was begun today, and of one that was left long ago."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.access import users, workspaces
from core.context import Context
from core.ingestion import service
from tests.ingestion import clones

from .conftest import PASSWORD, Running, settled

pytestmark = pytest.mark.browser

SignedIn = Callable[[str], Page]


def imported(running: Running, clone: clones.Clone, slug: str) -> tuple[Context, str]:
    """A workspace of this clone, and its repository's id; its user is named like it."""
    house = running.house
    ctx = house.context(workspaces.create(house.app, name=slug.title(), slug=slug, now=house.clock()))
    users.add(ctx, username=slug, email=f"{slug}@example.org", role="admin", password=PASSWORD)
    source = service.add_git(ctx, clone.path, name="app")
    service.sync(ctx, source.id)
    return ctx, source.repo_id


def shows_commits(page: Page, count: str) -> None:
    """Wait until the card of the commits says so: cards appear one after the other."""
    card = page.get_by_test_id("stMetric").filter(has=page.get_by_text("Commits", exact=True))
    expect(card.get_by_test_id("stMetricValue")).to_have_text(count)


def test_a_repository_begun_today_shows_the_month_that_runs(
    signed_in: SignedIn, running: Running, tmp_path: Path
) -> None:
    clone, now = clones.new(tmp_path / "app"), int(running.house.clock().timestamp())
    for number in range(3):
        clone.commit(files={"a.py": f"{number}\n"}, at=f"{now - number} +0000")
    _, repo = imported(running, clone, "today")
    page = signed_in("today")

    page.goto("/")
    settled(page)
    expect(page.get_by_role("combobox", name="Period", exact=True)).to_have_value("This month")
    shows_commits(page, "3")

    page.goto(f"/?period=last_30_days&repo={repo}&compare=none")
    settled(page)
    expect(page.get_by_text("These periods show something")).to_be_visible()
    page.get_by_role("button", name="This month").click()
    settled(page)

    expect(page).to_have_url(re.compile("period=this_month"))
    assert f"repo={repo}" in page.url and "compare=none" in page.url
    shows_commits(page, "3")


def test_a_repository_left_long_ago_shows_the_time_up_to_its_newest_commit(
    signed_in: SignedIn, running: Running, tmp_path: Path
) -> None:
    clone = clones.new(tmp_path / "app")
    for day in (1, 10, 20):
        clone.commit(files={"a.py": f"{day}\n"}, at=f"2021-05-{day:02}T10:00:00+0000")
    imported(running, clone, "left")
    page = signed_in("left")

    page.goto("/")
    settled(page)

    expect(page).to_have_url(re.compile(r"period=2021-04-21\.\.2021-05-20"))
    expect(page.get_by_text("Nothing happened in the last 30 days up to yesterday")).to_be_visible()
    shows_commits(page, "3")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Activity").click()
    expect(page).to_have_url(re.compile(r"activity.*period=2021-04-21"))


def test_a_workspace_without_any_source_says_what_to_do(signed_in: SignedIn) -> None:
    page = signed_in("olga")

    page.goto("/")
    settled(page)

    expect(page.get_by_text("Nothing has been read yet")).to_be_visible()
    page.get_by_role("link", name="Add a repository").click()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()


def test_a_link_that_names_a_workspace_opens_it_and_another_one_stays_closed(
    signed_in: SignedIn, running: Running
) -> None:
    page = signed_in("demo")

    page.goto("/?workspace=other&period=last_7_days")
    expect(page.get_by_text("There is no such workspace among yours.").first).to_be_visible()
    settled(page)
    expect(page.get_by_text("Demo data").first).to_be_visible()
    assert "workspace" not in page.url and "period=last_7_days" in page.url

    page = signed_in("olga")
    page.goto("/?workspace=other")
    settled(page)
    assert "workspace" not in page.url
    expect(page.get_by_test_id("stSidebar").get_by_text("Other")).to_be_visible()
