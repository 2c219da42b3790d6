"""Analytics over HTTP: the same network, heatmaps and trends as the pages, by a token's rights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.access import insights, tokens
from core.bootstrap import House
from core.context import Context
from core.entrypoints.api.analytics import ROOT, VERBS, routes
from core.people import service as people
from core.people.views import Seen
from tests.catalogue.factories import History

Call = Callable[..., Any]
PERIOD = {"period": "2026-03-02..2026-03-08"}


@pytest.fixture
def acme(ctx: Context) -> Context:
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in ("ann", "bob", "cid")])
    team = people.create_team(ctx, "Atlas").id
    for one in people.people(ctx):
        people.set_membership(ctx, one.id, team, date(2026, 1, 1))
    history = History(ctx)
    history.pr("ann", 1, opened="2026-03-02 09:00", merged="2026-03-04 09:00")
    history.review("bob", 1, "2026-03-03 09:00")
    commit = history.commit("cid", "2026-03-03 09:00")
    history.file("cid", "2026-03-03 09:00", "src/app.py", sha=commit["sha"], language="Python", additions=50)
    return history.ingest()


@pytest.fixture
def call(house: House, acme: Context) -> Call:
    client = TestClient(Starlette(routes=routes(lambda: house)))
    token = tokens.make(acme, "program", list(tokens.OFFERED))

    def asked(path: str, status: int = 200, body: Any = None, shown: str = token, **query: str) -> Any:
        method = "GET" if body is None else "POST"
        headers = {"Authorization": f"Bearer {shown}"}
        answer = client.request(method, ROOT + path, json=body, params=query, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def test_without_a_token_no_door_opens(call: Call) -> None:
    for path in VERBS:
        assert "Show a token" in call(path.format(person="ann"), 401, shown="sl_made_up")["error"]


def test_the_network_by_get_and_by_post(call: Call, acme: Context) -> None:
    whole = call("/collaboration", **PERIOD)
    ids = {one.name: one.id for one in people.people(acme)}

    (edge,) = whole["edges"]
    assert (edge["source"], edge["target"], edge["review_count"]) == (ids["Bob"], ids["Ann"], 1)
    assert whole["isolated"] == [ids["Cid"]] and len(whole["nodes"]) == 3
    assert whole["shape"]["collaboration_density"]["value"] == pytest.approx(1 / 3)
    assert call("/collaboration", body=PERIOD | {"team": "Atlas"})["edges"] == whole["edges"]
    assert call("/collaboration", least="5", **PERIOD)["edges"] == []
    (atlas,) = call("/collaboration/teams", **PERIOD)["teams"]
    assert (atlas["name"], atlas["isolated_people"], atlas["review_top_share"]) == ("Atlas", 1.0, 1.0)
    assert len(call("/collaboration/bob@example.com", **PERIOD)["edges"]) == 1
    assert "There is no field 'perod'" in call("/collaboration", 400, body={"perod": "x"})["error"]
    assert "'x' is no number" in call("/collaboration", 400, least="x")["error"]


def test_what_people_and_teams_know(call: Call) -> None:
    told = call("/heatmap/skills", **PERIOD)

    (skill,) = told["skills"]
    assert (skill["label"], skill["commit_count"], skill["lines_of_code"]) == ("Python", 1, 50)
    assert told["names"][skill["subject"]] == "Cid"
    (area,) = call("/heatmap/skills", body={**PERIOD, "of": "area", "by": "team"})["skills"]
    assert (area["label"], area["people"]) == ("app: src", 1)
    assert call("/heatmap/skills", person="ann@example.com", **PERIOD)["skills"] == []
    assert "'of' is one of language, framework, area" in call("/heatmap/skills", 400, of="x")["error"]


def test_what_gets_done_over_time(call: Call) -> None:
    told = call("/productivity", grain="day", **PERIOD)["figures"]
    commits = next(one for one in told if one["shape"] == "series" and one["title"] == "Commits")

    assert [line["name"] for line in commits["lines"]] == ["Each day", "Mean of 7 days", "Comparison"]
    assert commits["lines"][0]["y"] == [0.0, 1.0, 0.0, None, None, None, None]
    teams = call("/productivity", body={**PERIOD, "by": "team"})["figures"]
    assert [line["name"] for one in teams if one["shape"] == "series" for line in one["lines"]].count("Atlas") == 4
    assert "not 'year'" in call("/productivity", 400, grain="year")["error"]


def test_time_zones_are_closed_until_they_are_wanted(call: Call, acme: Context) -> None:
    assert "is off" in call("/time-zones", 403)["error"]
    insights.change(acme, {"zone_map": True, "least_group": 2})
    (zone,) = call("/time-zones", **PERIOD)["zones"]
    assert zone["people"] == 3


def test_when_somebody_works(call: Call) -> None:
    told = call("/heatmap/activity/cid@example.com", **PERIOD)
    hours = next(one for one in told["figures"] if "hour and weekday" in one["title"])

    assert hours["lines"][1]["name"] == "Tuesday" and hours["lines"][1]["y"][9] == 1
    assert any("day by day" in one["title"] for one in told["figures"])
    assert call("/workload", **PERIOD)["figures"]
