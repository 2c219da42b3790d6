"""Questions on a report's page: asked, answered with links to the figures, kept and deleted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.bootstrap import House
from core.chats import service
from core.context import Context
from core.reports import service as reports
from tests.pages import framed
from tests.reports.conftest import World


def test_a_reader_asks_beside_the_result_and_deletes_what_they_asked(
    asked_house: House, asked_world: World, run_id: str, somebody: Callable[..., Context],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    vera = somebody("vera", "viewer")
    report_id = reports.run(asked_world.ctx, run_id).report_id
    page = framed(asked_house, vera, monkeypatch, "reports/report", report=report_id)
    assert not page.exception

    page.chat_input[0].set_value("How many commits?").run()

    assert not page.exception
    said = [message.markdown[0].value for message in page.chat_message]
    assert said[0] == "How many commits?"
    assert "Commits stood at 21" in said[1]
    assert f"(#figure-{run_id[:8]}-s1b1)" in said[1]
    (kept,) = service.questions(vera, run_id)
    page.button(key=f"forget_do_{kept.id}").click().run()
    assert service.questions(vera, run_id) == []
    page.button(key="ask_first_0").click().run()
    assert [one.question for one in service.questions(vera, run_id)] == ["What got worse?"]
    page.chat_input[0].set_value("flibber the wug").run()  # of which nothing is understood, and no sentence said
    assert not page.exception
    assert any("'flibber' was not understood." in one.markdown[0].value for one in page.chat_message)
    assert all(page.button(key=f"forget_do_{one.id}") for one in service.questions(vera, run_id))
