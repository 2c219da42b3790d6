"""A report that goes to Slack and by mail: registered, written, run by the real worker, and told on its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from core.access import users
from core.context import Context
from core.reports import service as reports
from core.reports.code import drafts
from tests.browser.conftest import Running, settled
from tests.servers.replies import Replies, Reply, replying

POST = "/chat.postMessage"
FILE = """\
title: Word to the team
interval_days: 7
views:
  words:
    plugin: text
    args: {markdown: All is **well**.}
outputs:
  chat: {connection: team-slack, args: {channels: ['#ops']}}
"""


@pytest.fixture
def slack() -> Iterator[Replies]:
    with replying() as replies:
        replies.routes["/auth.test"] = Reply({"ok": True, "user": "reporter", "team": "Acme"})
        replies.routes[POST] = [Reply({"ok": False, "error": "not_in_channel"}), Reply({"ok": True, "channel": "C1"})]
        yield replies


def _admin(running: Running) -> Context:
    ctx = running.context()
    return ctx.as_actor(users.actor_for(running.house.app, users.named(running.house.app, "demo").id, ctx.workspace.id))


def _registered(page: Page, slack: Replies, name: str = "team-slack") -> None:
    page.goto("/connections")
    settled(page)
    form = page.locator("details", has_text="Add a connection").first
    if form.get_attribute("open") is None:
        form.locator("summary").first.click()
    page.get_by_role("radio", name="Reports are sent to it").click()
    settled(page)  # the kinds of the other side are there only now
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="Slack", exact=True).click()
    settled(page)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Token", exact=True).fill("xoxb-1")
    page.get_by_text("More settings").click()
    page.get_by_label("API", exact=True).fill(slack.url)
    page.get_by_role("button", name="Add the connection").click()
    settled(page)


def test_a_report_goes_to_slack_and_what_failed_goes_again(
    running: Running, signed_in: Callable[[str], Page], slack: Replies
) -> None:
    page = signed_in("demo")
    _registered(page, slack)
    expect(page.get_by_text("Slack knows the token: it is 'reporter' of 'Acme'.")).to_be_visible()
    ctx = _admin(running)
    report = drafts.save(ctx, FILE)
    page.goto(f"/report?report={report.id}")
    page.get_by_role("button", name="Run now").click()

    expect(page.get_by_text("Invite it there with /invite", exact=False)).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Posted to #ops")).to_be_visible()

    assert [one.json["channel"] for one in slack.to(POST)] == ["#ops", "#ops"]
    assert [run.status for run in reports.runs(ctx, report.id)] == ["success"]


def test_a_test_is_sent_once_somebody_has_seen_to_whom(signed_in: Callable[[str], Page], slack: Replies) -> None:
    slack.routes[POST] = Reply({"ok": True, "channel": "C1"})
    page = signed_in("demo")
    _registered(page, slack, "team-chat")
    card = page.get_by_test_id("stMain").locator("[class*=st-key-connection_]").filter(has_text="team-chat").last
    card.get_by_role("button", name="Send a test").click()
    page.get_by_label("To", exact=True).fill("#ops")
    page.get_by_label("To", exact=True).press("Enter")
    expect(page.get_by_text("A message of one sentence goes to #ops.")).to_be_visible()
    settled(page)
    assert slack.to(POST) == []

    page.get_by_role("button", name="Send it").click()
    expect(card.get_by_text("Posted to #ops.")).to_be_visible()

    assert [one.json["channel"] for one in slack.to(POST)] == ["#ops"]
