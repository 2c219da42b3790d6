"""A page of a workspace in which nothing was read says so, and leads on."""

from __future__ import annotations

import pytest

from core.bootstrap import House
from core.context import Context
from tests.pages import entered

PAGES = {
    "dashboards/overview": "sources", "dashboards/developer": "sources", "dashboards/team": "people",
    "insights/pulls": "sources", "insights/leaderboards": "insight-settings", "insights/data_status": "sources",
    "analytics/skills": "sources", "analytics/zones": "insight-settings", "data/people": "sources",
}  # fmt: skip


def test_an_empty_page_leads_to_where_that_changes(house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    led = {}
    for name in PAGES:
        page = entered(house, ctx, monkeypatch, name, "admin").run()
        assert not page.exception and not page.error
        led[name] = [one.proto.page for one in page.get("page_link")]

    assert led == {name: [to] for name, to in PAGES.items()}


def test_whoever_may_not_open_that_page_is_offered_no_link(
    house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = entered(house, ctx, monkeypatch, "insights/leaderboards", "viewer").run()

    assert "An admin can turn them on" in page.info[0].value
    assert not page.get("page_link")


def test_a_viewer_of_an_empty_workspace_is_told_whom_to_ask(
    house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = entered(house, ctx, monkeypatch, "dashboards/overview", "viewer").run()

    assert page.info[0].value.endswith("The page Sources is for managers and admins: ask one of them.")
    assert [one.value for one in page.caption if "No data yet" in one.value] == ["No data yet."]
