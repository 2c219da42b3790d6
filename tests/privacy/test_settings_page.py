"""The page Insight settings, as an admin meets it, and what it keeps."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.access import insights, looks, users, workspaces
from core.bootstrap import House
from core.context import ROLES, Actor, Context
from core.people import service as people
from tests.pages import entered


def opened(house: House, ctx: Context, patch: pytest.MonkeyPatch, tab: str, role: str = "admin") -> AppTest:
    page = entered(house, ctx, patch, "insights/settings", role)
    page.session_state["insight_settings_tab"] = tab
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def test_the_mode_and_the_leads_of_a_team_are_chosen(
    house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = people.create_team(ctx, "Atlas").id
    users.add(ctx, username="ada", email="ada@example.org", role="manager")
    page = opened(house, ctx, monkeypatch, "Privacy and team leads")

    page = page.radio(key="insight_mode").set_value("leads").run()
    press(page, "Save who sees individuals")
    assert workspaces.find(house.app, ctx.workspace.id).individuals == "leads"

    page = opened(house, ctx, monkeypatch, "Privacy and team leads")
    page = page.multiselect(key=f"leads_{team}").set_value(["ada"]).run()
    press(page, "Save the leads")
    assert people.leads(ctx) == {team: ["ada"]}


def test_decisions_are_kept(house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(house, ctx, monkeypatch, "Snapshots, leaderboards, attention")
    page.toggle[1].set_value(True)
    page.number_input[0].set_value(8)
    press(page, "Save")

    kept = insights.settings(ctx)
    assert (kept.leaderboards, kept.least_group, kept.failure_rate) == (True, 8, 0.15)
    assert workspaces.find(house.app, ctx.workspace.id).least_group == 8


def test_who_looked_is_shown_to_admins_alone(house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(house, ctx, monkeypatch, "Who looked at whom")
    assert "Nobody has looked at anybody else's numbers yet." in page.info[0].value

    looks.looked(ctx.as_actor(Actor("u9", "Vera", "viewer", ROLES["viewer"])), ["ann"])
    page = opened(house, ctx, monkeypatch, "Who looked at whom")
    assert list(page.dataframe[0].value["Who"]) == ["Vera"]

    page = entered(house, ctx, monkeypatch, "insights/settings", "manager").run()
    assert "may not manage the workspace" in page.warning[0].value
