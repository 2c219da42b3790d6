"""A newcomer's first report: from an empty library to mailboxes and a chat, by clicks alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.access import users
from core.connections import service as connections
from core.context import Context
from core.reports import service as reports
from tests.browser.conftest import Running, settled
from tests.servers.replies import Replies, Reply, replying

HOOK = "/services/T0/B0/hush"
PEOPLE = {"Deepa Iyer": "Payments", "Jonas Weber": "Platform"}
PATIENCE_S = 60.0


@pytest.fixture
def admin(running: Running) -> Context:
    ctx = running.context()
    return ctx.as_actor(users.actor_for(running.house.app, users.named(running.house.app, "demo").id, ctx.workspace.id))


@pytest.fixture
def bare(admin: Context) -> Iterator[None]:
    """Nobody has made a report yet; those of before come back, and what the test made goes."""
    before = [one.id for one in reports.reports(admin)]
    for one in before:
        reports.delete(admin, one)
    yield
    for made in reports.reports(admin):
        reports.delete(admin, made.id)
    for one in before:
        reports.restore(admin, one)
    connections.remove(admin, connections.connection(admin, "team-hook").id)


@pytest.fixture
def chat() -> Iterator[Replies]:
    with replying() as replies:
        replies.routes[HOOK] = Reply("ok")
        yield replies


@pytest.mark.usefixtures("bare")
def test_from_an_empty_library_to_two_mailboxes_and_a_chat(
    running: Running, signed_in: Callable[[str], Page], chat: Replies
) -> None:
    page = signed_in("demo")
    _webhook(page, f"{chat.url}{HOOK}")
    page.goto("/reports")
    expect(page.get_by_text("There is no report yet.")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="From a template").click()
    expect(page.get_by_role("heading", name="Templates", level=1)).to_be_visible()
    settled(page)
    page.get_by_label("Search").fill("team health")
    page.get_by_label("Search").press("Enter")
    settled(page)
    page.get_by_role("button", name="Use it…").first.click()
    page.get_by_role("button", name="Make the report").click()
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_text("Key trends").first).to_be_visible(timeout=PATIENCE_S * 1000)
    settled(page)

    page.get_by_role("button", name="Schedule", exact=True).click()
    page.get_by_role("button", name="Schedule a report").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("E-mail and Slack").click()
    dialog.get_by_role("combobox", name="Slack connection").click()
    page.get_by_role("option", name="team-hook").click()
    settled(page)
    _recipients(page)
    dialog.get_by_text("Each gets their own team's figures").click()
    expect(dialog.get_by_text("2 letters: Payments to Deepa Iyer; Platform to Jonas Weber.")).to_be_visible()
    dialog.get_by_role("button", name="Schedule", exact=True).click()
    settled(page)
    sent = len(running.mailbox.mails)
    page.get_by_role("button", name="Send now…").click()
    page.get_by_role("button", name="Send it to all").click()

    mails = [mail for mail in _until(lambda: running.mailbox.mails[sent:], 2) if "team health" in str(mail["Subject"])]
    subjects = {mail["To"]: str(make_header(decode_header(mail["Subject"]))) for mail in mails}
    assert sorted(subject.partition(" · ")[2].partition(":")[0] for subject in subjects.values()) == [
        "Payments",
        "Platform",
    ]
    assert all(any((part.get_filename() or "").endswith(".pdf") for part in mail.walk()) for mail in mails)
    posts = _until(lambda: [one.json for one in chat.to(HOOK)], 2)
    assert {post["text"].partition(" · ")[2].partition(":")[0] for post in posts} == {*PEOPLE.values()}
    page.reload()
    expect(page.get_by_text("Last sent:", exact=False).first).not_to_contain_text("not yet")
    settled(page)


def _webhook(page: Page, address: str) -> None:
    page.goto("/connections")
    settled(page)
    form = page.locator("details", has_text="Add a connection").first
    if form.get_attribute("open") is None:
        form.locator("summary").first.click()
    page.get_by_role("radio", name="Reports are sent to it").click()
    settled(page)
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="Slack webhook").click()
    settled(page)
    page.get_by_label("Name", exact=True).fill("team-hook")
    page.get_by_label("Address of the webhook (needed)", exact=True).fill(address)
    page.keyboard.press("Tab")  # to the eye that shows it: the field hands its value over by itself
    settled(page)
    page.get_by_role("button", name="Add the connection").click()
    settled(page)


def _recipients(page: Page) -> None:
    box = page.get_by_role("dialog").get_by_role("combobox", name="Recipients")
    box.click()
    box.press("Backspace")
    settled(page)
    for name in PEOPLE:
        box.fill(name)
        page.get_by_role("option", name=name, exact=True).click()
        settled(page)


def _until(there: Callable[[], list[Any]], many: int) -> list[Any]:
    deadline = time.monotonic() + PATIENCE_S
    while len(found := there()) < many:
        assert time.monotonic() < deadline, f"{len(found)} of {many} arrived."
        time.sleep(0.2)
    return found
