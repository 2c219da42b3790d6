"""The page of people, as a manager uses it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.bootstrap import House
from core.context import Context
from core.people import service
from core.people.service import Seen
from tests.pages import entered

Opened = Callable[..., AppTest]


@pytest.fixture
def opened(house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """`opened("Bots")` is the page at that part, for a manager."""

    def run(part: str = "Everybody", role: str = "manager") -> AppTest:
        test = entered(house, ctx, monkeypatch, "data/people", role)
        test.session_state["people_part"] = part
        return test.run()

    return run


def texts(page: AppTest) -> str:
    shown = (*page.markdown, *page.caption, *page.info, *page.success, *page.warning, *page.subheader)
    return "\n".join(element.value for element in shown)


@pytest.mark.parametrize("part", ["Everybody", "May be one person", "Bots", "Teams", "Working time"])
def test_every_part_says_what_to_do_while_there_is_nobody(opened: Opened, part: str) -> None:
    page = opened(part)

    assert not page.exception
    assert texts(page)


def test_a_suggestion_is_looked_at_merged_and_undone(opened: Opened, ctx: Context) -> None:
    service.register(ctx, [Seen("ada@one.org", "Ada *King*", count=9), Seen("ada@two.org", "Ada *King*")])

    page = opened("May be one person")
    page.toggle[0].set_value(True).run()
    assert "no figure would change" in texts(page)
    next(button for button in page.button if button.label.startswith("Merge into")).click().run()

    assert len(service.people(ctx)) == 1
    page = opened("May be one person")
    next(button for button in page.button if button.label == "Undo").click().run()
    assert len(service.people(ctx)) == 2
    assert not page.exception


def test_two_can_be_said_to_be_two(opened: Opened, ctx: Context) -> None:
    service.register(ctx, [Seen("ada@one.org", "Ada King"), Seen("ada@two.org", "Ada King")])

    page = opened("May be one person")
    next(button for button in page.button if button.label == "They are two").click().run()

    assert service.suggestions(ctx) == []
    assert not page.exception


def test_a_suspect_is_called_a_bot(opened: Opened, ctx: Context) -> None:
    service.register(ctx, [Seen("ci@acme.org", "Build Server")])

    page = opened("Bots")
    next(button for button in page.button if button.label == "A bot").click().run()

    assert service.people(ctx) == []
    assert not page.exception


def test_a_team_is_made(opened: Opened, ctx: Context) -> None:
    page = opened("Teams")
    page.text_input[0].set_value("Web")
    next(button for button in page.button if button.label == "Add").click().run()

    assert [team.name for team in service.teams(ctx)] == ["Web"]
    assert not page.exception


def test_a_member_is_told_whom_to_ask(opened: Opened) -> None:
    page = opened(role="member")

    assert "may not manage people" in texts(page)
    assert not page.tabs
