"""Insights over HTTP: every endpoint answers by a token's rights, and refuses with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.access import insights, tokens, users, workspaces
from core.bootstrap import House
from core.context import Context
from core.entrypoints.api.insights import ROOT, VERBS, routes
from core.people import service as people
from core.people.views import Seen
from tests.catalogue.factories import History

Call = Callable[..., Any]
NAMES = ("ann", "bob", "cid", "dan", "eve")
PERIOD = {"period": "2026-03-02..2026-03-08"}


@pytest.fixture
def acme(ctx: Context) -> Context:
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in NAMES])
    team = people.create_team(ctx, "Atlas").id
    for one in people.people(ctx):
        people.set_membership(ctx, one.id, team, date(2026, 1, 1))
    people.create_team(ctx, "Beam")
    history = History(ctx)
    for place, name in enumerate(NAMES):
        for hour in range(place + 1):
            history.commit(name, f"2026-03-03 {hour + 9:02d}:00")
    return history.ingest()


@pytest.fixture
def call(house: House, acme: Context) -> Call:
    """`call("GET", "/settings")` with a token that may all that one may."""
    client = TestClient(Starlette(routes=routes(lambda: house)))
    token = tokens.make(acme, "program", list(tokens.OFFERED))

    def asked(method: str, path: str, /, status: int = 200, body: Any = None, shown: str = token, **query: str) -> Any:
        answer = client.request(
            method, ROOT + path, json=body, params=query, headers={"Authorization": f"Bearer {shown}"}
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def test_without_a_token_no_door_opens(call: Call) -> None:
    for method, path in VERBS:
        whole = path.format(
            person="ann", category="velocity", team="Atlas", metric="commits_count", rule="x", part="mix"
        )
        assert "Show a token" in call(method, whole, 401, shown="sl_made_up")["error"]


def test_code_as_a_page_and_part_by_part_of_a_place(call: Call, acme: Context) -> None:
    history = History(acme)
    for day in ("03", "04"):
        history.file("ann", f"2026-03-{day} 09:00", "src/a.py", repo="lib", additions=8, language="Python")
    history.ingest()

    whole = call("GET", "/code", repo="lib", **PERIOD)
    churn = next(figure for figure in whole["figures"] if figure["title"] == "Code churn")
    assert churn["text"] == "16"
    (owners,) = call("GET", "/code/owners", repo="lib", path="src/", **PERIOD)["figures"]
    assert [row[:2] for row in owners["rows"]] == [["a.py", 1]]
    (mix,) = call("GET", "/code/mix", **PERIOD)["figures"]
    assert mix["rows"][0][:2] == ["Python", 16]
    assert "no part 'owner'" in call("GET", "/code/owner", 400, **PERIOD)["error"]
    assert "In which repository" in call("GET", "/code/owners", path="src", **PERIOD)["figures"][0]["text"]


def test_a_person_by_category_and_as_a_whole(call: Call) -> None:
    whole = call("GET", "/developers/eve@example.com", **PERIOD)
    assert list(whole["categories"]) == ["velocity", "efficiency", "quality", "sustainability", "collaboration"]
    assert whole["categories"]["velocity"]["commits_count"] == {
        "value": 5.0, "n": 5, "state": "measured", "why": "", "left_out": {},
    }  # fmt: skip
    assert (whole["first"], whole["last"]) == ("2026-03-02", "2026-03-08")
    one = call("GET", "/developers/eve@example.com/quality", **PERIOD)
    assert list(one["categories"]) == ["quality"]
    assert "Did you mean 'quality'" in call("GET", "/developers/eve@example.com/qualty", 400)["error"]
    assert "There is no person 'zoe'" in call("GET", "/developers/zoe", 404)["error"]


def test_a_team_its_workload_and_the_workspace(call: Call) -> None:
    assert call("GET", "/teams/Atlas", **PERIOD)["categories"]["velocity"]["commits_count"]["value"] == 15
    fairness, *_ = call("GET", "/teams/Atlas/workload", **PERIOD)["figures"]
    assert fairness["rows"][0][0] == "Commits"
    assert call("GET", "/workspace/health", **PERIOD)["figures"][0]["title"] == "What needs attention"
    assert call("GET", "/sync-status")["figures"][0]["title"] == "How late sources are"


def test_people_and_teams_beside_each_other(call: Call, acme: Context) -> None:
    ids = {one.name: one.id for one in people.people(acme)}
    answer = call("GET", "/developers/compare", people="ann@example.com,eve@example.com", **PERIOD)
    assert {one: values["commits_count"]["value"] for one, values in answer.items()} == {ids["Ann"]: 1, ids["Eve"]: 5}
    assert len(call("GET", "/developers/compare", teams="Atlas,Beam", **PERIOD)) == 2
    assert "Name two or more" in call("GET", "/developers/compare", 400)["error"]


def test_a_leaderboard_where_the_workspace_wants_it(call: Call, acme: Context) -> None:
    (refused,) = call("GET", "/leaderboards/commits_count", **PERIOD)["figures"]
    assert (refused["shape"], "Leaderboards are off" in refused["text"]) == ("notice", True)
    insights.change(acme, {"leaderboards": True})
    (board,) = call("GET", "/leaderboards/commits_count", **PERIOD)["figures"]
    assert [row[1] for row in board["rows"]] == ["Eve", "Dan", "Cid", "Bob", "Ann"]


def test_snapshots_are_asked_for_and_read_back(call: Call, acme: Context) -> None:
    from core.snapshots import service as snapshots

    assert call("POST", "/snapshots/generate", body={"kinds": ["weekly"]})["run_id"]
    assert (
        "There is no field 'kind'. Did you mean 'kinds'"
        in call("POST", "/snapshots/generate", 400, {"kind": 1})["error"]
    )
    snapshots.runs(acme)
    assert call("GET", "/snapshots/history", team="Atlas", metric="commits_count") == []
    assert "either ?person= or ?team=" in call("GET", "/snapshots/history", 400)["error"]


def test_settings_are_read_and_only_admins_tokens_change_them(call: Call) -> None:
    assert call("GET", "/settings")["least_group"] == 5
    voice = call("GET", "/language-model")
    assert (voice["allowed"], voice["pseudonyms"], "key" in voice) == (False, True, False)
    assert "may not manage the workspace" in call("PUT", "/language-model", 403, {"allowed": False})["error"]
    assert "may not manage the workspace" in call("PUT", "/settings", 403, {"least_group": 8})["error"]


def test_working_schedules(call: Call, acme: Context) -> None:
    assert call("GET", "/working-schedules/default")["working_weekdays"] == [1, 2, 3, 4, 5]
    assert "may not manage people" in call("PUT", "/working-schedules/default", 403, {"country": "DE"})["error"]


def test_alert_rules_are_made_tried_changed_and_deleted(call: Call) -> None:
    made = call("POST", "/alert-rules", body={"metric": "commits_count", "condition": "above", "threshold": 3})
    assert made["sentence"] == "Every week, for the whole workspace: Commits above 3."
    assert [one["id"] for one in call("GET", "/alert-rules")] == [made["id"]]
    trial = call("POST", "/alert-rules/test", body={"metric": "commits_count", "condition": "above", "threshold": 3})
    assert trial["sentence"] == "Would have fired once in the last 90 days."
    assert trial["fired"][0]["first"] == "2026-03-02"
    changed = call("PUT", f"/alert-rules/{made['id']}", body={"threshold": 30, "is_active": False})
    assert (changed["is_active"], changed["wish"]["threshold"]) == (False, 30)
    assert "There is no field 'treshold'" in call("PUT", f"/alert-rules/{made['id']}", 400, {"treshold": 1})["error"]
    assert call("GET", "/alert-findings") == []
    call("DELETE", f"/alert-rules/{made['id']}")
    assert "There is no alert rule" in call("DELETE", f"/alert-rules/{made['id']}", 404)["error"]


def test_a_token_sees_whom_its_maker_sees(call: Call, house: House, acme: Context) -> None:
    users.add(acme, username="lead", email="lead@example.org", role="admin")
    people.set_leads(acme, "Atlas", ["lead"])
    workspaces.change(acme, name="Acme", time_zone="UTC", individuals="leads")
    here = workspaces.find(house.app, acme.workspace.id)
    user = users.named(house.app, "lead")
    token = tokens.make(house.context(here, users.actor_for(house.app, user.id, here.id)), "lead's", ["read"])
    users.add(acme, username="root", email="root@example.org", role="admin")
    users.set_role(acme, "lead", "manager")
    people.end_membership(
        acme, people.memberships(acme, person_id=people.person(acme, "eve").id)[0].id, date(2026, 3, 9)
    )

    assert call("GET", "/developers/ann@example.com", shown=token, **PERIOD)["categories"]
    assert (
        "does not show this person's numbers" in call("GET", "/developers/eve@example.com", 403, shown=token)["error"]
    )
