"""Pages offer whom their reader may see, and no others."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components import session
from core.access.sessions import SignedIn
from core.context import Context
from tests.pages import PAGES
from tests.privacy.conftest import Home


def opened(acme: Home, ctx: Context, patch: pytest.MonkeyPatch, page: str, **address: str) -> AppTest:
    patch.setattr(session, "house", lambda: acme.house)
    test = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    actor = ctx.actor
    test.session_state["_signed_in"] = SignedIn(
        "s", actor.user_id, actor.name, actor.name, actor.email, False, "", ctx.workspace, actor, ()
    )
    for name, value in address.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    return test


def offered(page: AppTest, label: str) -> list[str]:
    return next((list(one.options) for one in page.selectbox if one.label == label), [])


@pytest.mark.parametrize(
    ("role", "people"),
    [("lead", ["Ann", "Bob"]), ("admin", ["Ann", "Bob", "Cid", "Dan"]), ("ann", ["Ann"]), ("manager", [])],
)
def test_a_page_offers_whom_its_reader_may_see(
    acme: Home,
    monkeypatch: pytest.MonkeyPatch,
    role: str,
    people: list[str],
) -> None:
    acme.mode("leads")
    page = opened(acme, acme.as_user(role), monkeypatch, "dashboards/developer")

    assert offered(page, "Person") == people


def test_an_address_written_by_hand_shows_nobody_else(
    acme: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acme.mode("leads")
    page = opened(acme, acme.as_user("lead"), monkeypatch, "dashboards/developer", person=acme.people["cid"])

    assert "not there, or not for you to see" in page.warning[0].value
    assert "Cid" not in str(page.main)


def test_the_workload_of_a_team_is_its_leads_to_see(acme: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    acme.mode("leads")
    lead = acme.as_user("lead")
    week = {"period": "2026-03-02..2026-03-08"}

    own = opened(acme, lead, monkeypatch, "insights/workload", team=acme.atlas, **week)
    assert any("Who did what" in str(one.value) for one in own.markdown)
    other = opened(acme, lead, monkeypatch, "insights/workload", team=acme.beam, **week)
    assert "does not show you the people" in other.info[0].value
