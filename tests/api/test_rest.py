"""Reports over REST: every verb by every role, what is wrong as a problem, and a document that tells of every door."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
from starlette.routing import Route

from core.access import tokens, workspaces
from core.base.errors import BadInput
from core.chats import service as chats
from core.entrypoints.api import programs
from core.entrypoints.api.rest.openapi import document
from core.entrypoints.api.rest.operations import OPERATIONS, ROOT, Operation
from core.reports import exporting, runs, sharing, templates
from core.reports import service as reports
from core.reports.plan import read_plan
from core.schedules import service as schedules
from core.schedules.views import SEND_STATES
from core.schedules.wish import Wish
from tests.api.conftest import ROLES, Ask, Call, Served, a_refused_letter, done, refusal
from tests.fresh import NOW

BODIES = {
    ("POST", ROOT): {"name": "Made"},
    ("PUT", f"{ROOT}/{{report_id}}"): {"description": "Changed."},
    ("PUT", f"{ROOT}/{{report_id}}/members/{{username}}"): {"role": "viewer"},
    ("POST", f"{ROOT}/plan"): {"sentence": "weekly dora"},
    ("POST", f"{ROOT}/{{report_id}}/transfer"): {"username": "member"},
    ("POST", f"{ROOT}/{{report_id}}/schedules"): {"schedule": "weekly", "recipients": ["ada@example.org"]},
    ("PUT", f"{ROOT}/schedules/{{schedule_id}}"): {"cron": "daily"},
    ("POST", f"{ROOT}/runs/{{run_id}}/questions"): {"question": "How many commits?"},
    ("POST", f"{ROOT}/exports"): {"format": "html", "run_id": "RUN"},
}
LEAST = {"reports:read": "viewer", "reports:write": "member", "reports:run": "member", "export": "member"}
DOORS = sorted(OPERATIONS, key=lambda one: (one.method == "DELETE", one.path.endswith("{report_id}")))
"""Deleting comes last, and the report after its schedule."""


def things(served: Served, role: str) -> dict[str, str]:
    """A report, run, schedule, file and question of that role, by the names that addresses have for them."""
    owner = served.as_role(role if role != "viewer" else "admin")
    report = reports.create(owner, f"Of {role}", {"metrics": ["commits_count"], "formats": ["html"]})
    run = reports.run_now(owner, report.id)
    runs.execute(served.house, served.acme.workspace.id, run.id)
    export = exporting.request_report(served.acme, run.id, "html")
    exporting.execute(served.house, served.acme.workspace.id, export)
    schedule = schedules.create(served.acme, report.id, Wish(kept_only=True))
    kept = templates.save_as(owner, report.id).id
    return {
        "template_id": kept,
        "report_id": report.id,
        "given_id": reports.create(owner, f"To give away, of {role}").id,
        "heir": "manager" if role == "member" else "member",
        "username": "viewer",
        "number": "1",
        "run_id": run.id,
        "other_id": run.id,
        "schedule_id": schedule.id,
        "export_id": export,
        "delivery_id": a_refused_letter(served.acme, schedule.id, run.id),
        "question_id": chats.answer(served.as_role(role), run.id, "How many commits?").id,
    }


def addressed(served: Served, one: Operation, ids: dict[str, str]) -> tuple[str, Any]:
    """Where a door is asked about these things, and with what; what it undoes is done."""
    body = BODIES.get((one.method, one.path))
    if body and "run_id" in body:
        body = body | {"run_id": ids["run_id"]}
    path = one.path.format(**ids)
    if one.path.endswith("/transfer"):
        return path.replace(ids["report_id"], ids["given_id"]), {"username": ids["heir"]}
    if one.path.endswith("{report_id}/restore"):
        reports.delete(served.acme, ids["report_id"])
    if one.path.endswith("/exports/{export_id}/cancel"):
        path = path.replace(ids["export_id"], exporting.request_report(served.as_role("member"), ids["run_id"], "html"))
    elif one.path.endswith("/cancel"):
        path = path.replace(ids["run_id"], reports.run_now(served.acme, ids["report_id"]).id)
    return path, body


@pytest.mark.parametrize("role", ROLES)
def test_every_door_asks_what_the_role_may_and_answers_as_described(served: Served, role: str) -> None:
    ids, schemas = things(served, role), document()["components"]["schemas"]

    for one in DOORS:
        path, body = addressed(served, one, ids)
        headers = {"Authorization": f"Bearer {served.shown[role]}"}
        answer = served.client.request(one.method, path, json=body, headers=headers)
        least = LEAST.get(one.scope, "manager")
        if ROLES.index(role) < ROLES.index(least):
            assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN"), (one, answer.text)
            if one.path.endswith("{report_id}/restore"):
                reports.restore(served.acme, ids["report_id"])
            continue
        assert answer.status_code == one.status, (one, answer.text)
        told = document()["paths"][one.path][one.method.lower()]["responses"][str(one.status)]
        if (schema := told.get("content", {}).get("application/json", {}).get("schema")) and "$ref" in schema:
            whole = {"$ref": schema["$ref"], "components": {"schemas": schemas}}
            jsonschema.Draft202012Validator(whole).validate(answer.json())


def test_the_word_that_a_door_needs_is_enough_for_it(served: Served) -> None:
    ids = things(served, "admin")
    alone = {word: tokens.make(served.as_role("admin"), f"only {word}", [word]) for word in tokens.OFFERED}

    for one in DOORS:
        path, body = addressed(served, one, ids)
        answer = served.client.request(
            one.method, path, json=body, headers={"Authorization": f"Bearer {alone[one.scope]}"}
        )
        assert answer.status_code == one.status, (one, answer.text)


def test_what_is_of_another_workspace_is_not_found_and_a_token_may_no_more_than_it_was_made_for(
    served: Served, call: Call
) -> None:
    ids = things(served, "member")
    other = served.house.context(workspaces.create(served.house.app, name="Neighbour", now=NOW))
    stranger = tokens.make(other, "stranger", tokens.OFFERED)

    for one in DOORS:
        needed = [word for word in tokens.OFFERED if word == one.scope]
        assert needed, one
        body = BODIES.get((one.method, one.path), {})
        if "{" in one.path:
            told = call(one.method, one.path.format(**ids), token=stranger, status=404, json=body)
            assert told["code"] == "NOT_FOUND", one
    assert call("POST", f"{ROOT}/exports", token=stranger, status=404, json={"run_id": ids["run_id"]})
    assert call("GET", ROOT, token=stranger)["total"] == 0
    reads = tokens.make(served.acme, "only reads", ["reports:read"])
    said = call("POST", ROOT, token=reads, status=403, json={"name": "R"})
    assert "Token 'only reads'" in said["detail"]
    assert call("GET", ROOT, token="sl_made_up", status=401)["code"] == "UNAUTHENTICATED"


def test_a_report_is_laid_out_by_widgets_and_read_back(call: Call) -> None:
    widgets = [
        {"type": "metric.stat", "metric": "Commits", "position": {"x": 3, "y": 0, "w": 3}, "config": {}},
        {"type": "metric.stat", "metric": "prs_merged", "position": {"x": 0, "y": 0, "w": 3}, "config": {}},
        {"type": "data.freshness", "metric": "", "position": {"x": 0, "y": 1, "w": 6}, "config": {}},
    ]
    made = call("POST", ROOT, status=201, json={
        "name": "Laid out", "widgets": widgets, "filters": {"date_range": "last_7_days"}, "visibility": "private",
    })  # fmt: skip

    assert [(one["type"], one["metric"], one["position"]) for one in made["widgets"]] == [
        ("metric.stat", "prs_merged", {"x": 0, "y": 0, "w": 3}),
        ("metric.stat", "commits_count", {"x": 3, "y": 0, "w": 3}),
        ("data.freshness", "", {"x": 0, "y": 1, "w": 6}),
    ]
    assert (made["filters"]["date_range"], made["is_public"]) == ("last_7_days", False)
    path = f"{ROOT}/{made['id']}"
    again = call("PUT", path, json={"filters": {"date_range": "last_30_days"}})
    assert again["widgets"] == made["widgets"] and again["filters"]["date_range"] == "last_30_days"
    data = call("POST", f"{path}/data", json={"date_range": "2026-03-01..2026-03-10"})
    assert [figure["shape"] for figure in data["figures"]][:2] == ["stat", "stat"]
    assert data["figures"][1]["text"] == "1"
    for wrong, status, said in (
        ({"type": "metric.sta"}, 404, "metric.stat"),
        ({"type": "metric.stat", "metric": "Comits"}, 400, "Did you mean"),
        ({"type": "metric.stat", "metric": "Commits", "colour": 1}, 400, "colour"),
        ({"type": "metric.stat", "metric": "Commits", "config": {"nonsense": 1}}, 400, "nonsense"),
    ):
        answer = call("POST", ROOT, status=status, json={"name": "X", "widgets": [wrong]})
        assert said in answer["detail"], answer


def test_widgets_stand_on_the_grid_that_the_layout_says_and_close_up_to_the_left(call: Call) -> None:
    def tile(x: int, y: int, w: int | None = None) -> dict[str, Any]:
        return {"type": "metric.stat", "metric": "Commits", "position": {"x": x, "y": y} | ({"w": w} if w else {})}

    def standing(report: dict[str, Any]) -> list[tuple[int, ...]]:
        return [tuple(one["position"][name] for name in "xyw") for one in report["widgets"]]

    made = call("POST", ROOT, status=201, json={
        "name": "Twelve", "layout": {"columns": 12, "rows": 3, "responsive": True},
        "widgets": [tile(2, 1, 4), tile(0, 3), tile(0, 5, 4), tile(4, 5)],
    })  # fmt: skip
    path = f"{ROOT}/{made['id']}"

    # A row that ends early stays one: the second widget would fit beside the first.
    assert standing(made) == [(0, 0, 4), (0, 1, 12), (0, 2, 4), (4, 2, 8)]
    assert made["layout"] == {"columns": 12, "rows": 3, "responsive": True}
    assert made["report_plan"]["theme"]["num_columns"] == 12
    told = {name: made[name] for name in ("widgets", "layout", "filters")}
    assert {name: call("PUT", path, json=told)[name] for name in told} == told
    early = call("PUT", path, json={"widgets": [tile(2, 0, 4), tile(0, 1, 4)]})
    assert standing(early) == [(0, 0, 4), (0, 1, 4)], "the grid stays, and so does the row"
    assert standing(call("PUT", path, json={"layout": {"columns": 3}})) == [(0, 0, 3), (0, 1, 3)]
    assert call("PUT", path, json={"layout": {}})["layout"] == {"columns": 6, "rows": 2, "responsive": True}
    for layout, widgets, said in (
        ({"columns": 4}, [tile(0, 0, 6)], "Widget 1 ('metric.stat') reaches to column 6 of a grid of 4."),
        ({"columns": 12}, [tile(10, 0, 3)], "reaches to column 13 of a grid of 12"),
        ({"columns": 4}, [tile(5, 0)], "reaches to column 6 of a grid of 4"),
        ({"columns": 6, "rows": 1}, [tile(0, 0), tile(0, 1)], "The widgets take 2 rows, and the layout has 1."),
        ({"responsive": False}, [tile(0, 0)], "always adapts to the width of the screen"),
        ({"columns": 25}, [tile(0, 0)], "layout.columns"),
        ({"colums": 6}, [tile(0, 0)], "layout.colums"),
        ({"columns": 6}, None, "A layout is of widgets"),
    ):
        answer = call("POST", ROOT, status=400, json={"name": "X", "layout": layout, "widgets": widgets})
        assert said in answer["detail"] and answer["code"] == "BAD_INPUT", answer


def test_other_days_or_another_grid_take_no_text_away(call: Call) -> None:
    plan = {
        "title": "Mixed", "window": {"range": "last_7_days", "compare": "year"}, "theme": {"mode": "dark"},
        "sections": [
            {"title": "First", "blocks": [
                {"kind": "prose", "markdown": "Hello", "columns": 4},
                {"widget": "metric.stat", "params": {"metric": "commits_count"}, "columns": 2, "title": "Done"},
            ]},
            {"title": "Then", "blocks": [{"widget": "data.freshness"}]},
        ],
    }  # fmt: skip
    made = call("POST", ROOT, status=201, json={"name": "Mixed", "report_plan": plan})

    assert [one["position"] for one in made["widgets"]] == [{"x": 4, "y": 0, "w": 2}, {"x": 0, "y": 1, "w": 6}]
    path = f"{ROOT}/{made['id']}"
    changed = call("PUT", path, json={"filters": {"date_range": "last_30_days"}, "layout": {"columns": 12}})

    before, now = made["report_plan"], changed["report_plan"]
    assert now["sections"] == before["sections"]
    assert (now["window"]["range"], now["window"]["compare"]) == ("last_30_days", "year")
    assert (now["theme"]["mode"], now["theme"]["num_columns"]) == ("dark", 12)
    parameters = call("POST", ROOT, status=201, json={"name": "Of parameters"})
    assert "A layout is of widgets" in call(
        "PUT", f"{ROOT}/{parameters['id']}", status=400, json={"layout": {"columns": 4}}
    )["detail"]  # fmt: skip


def test_a_report_becomes_a_template_and_a_report_again_by_its_owner(served: Served, call: Call) -> None:
    made = call("POST", ROOT, status=201, json={"name": "Starter", "is_template": True})
    assert made["is_template"]
    path = f"{ROOT}/{made['id']}"
    assert "is a template" in call("POST", f"{path}/runs", status=409)["detail"]
    assert call("POST", f"{ROOT}/templates/{made['id']}/create", status=201)["is_template"] is False

    back = call("PUT", path, json={"is_template": False})
    assert not back["is_template"] and call("GET", path) == back
    assert made["id"] not in [one["id"] for one in call("GET", ROOT, params={"filter": "template"})["items"]]
    daily = {"schedule": "daily", "time_utc": "07:00", "recipients": ["ada@example.org"]}
    schedule = call("POST", f"{path}/schedules", status=201, json=daily)
    said = call("PUT", path, status=409, json={"is_template": True})
    assert "goes out by a schedule" in said["detail"] and not call("GET", path)["is_template"]
    call("DELETE", f"{ROOT}/schedules/{schedule['id']}", status=204)
    assert call("PUT", path, json={"is_template": True})["is_template"]
    assert "is a template" in call("POST", f"{path}/schedules", status=409, json=daily)["detail"]
    other = reports.create(served.as_role("manager"), "Theirs")
    sharing.share(served.as_role("manager"), other.id, "member", "editor")
    assert call("PUT", f"{ROOT}/{other.id}", "member", json={"is_template": False})["name"] == "Theirs"
    assert call("PUT", f"{ROOT}/{other.id}", "member", 403, json={"is_template": True})["code"] == "FORBIDDEN"


def test_a_report_is_made_from_a_template_and_kept_as_one(call: Call) -> None:
    there = call("GET", f"{ROOT}/templates/list")
    assert there["total"] >= 12 and {"key", "name", "about", "contents"} <= there["items"][0].keys()
    made = call("POST", f"{ROOT}/templates/dora-monthly/create", status=201, json={"name": "Ours"})
    assert (made["name"], made["is_template"]) == ("Ours", False) and made["report_plan"]
    kept = call("POST", f"{ROOT}/{made['id']}/template", status=201, json={"name": "DORA, ours"})
    assert kept["is_template"] and kept["report_plan"]["sections"] == made["report_plan"]["sections"]
    listed = call("GET", ROOT, params={"filter": "template"})["items"]
    assert kept["id"] in [one["id"] for one in listed] and made["id"] not in [one["id"] for one in listed]
    twin = call("POST", f"{ROOT}/templates/{kept['id']}/create", status=201)
    assert twin["name"] == "DORA, ours"
    said = call("POST", f"{ROOT}/templates/dora-montly/create", status=404, json={})
    assert "dora-monthly" in said["detail"] or "no such" in said["detail"]
    assert "about one person" in call("POST", f"{ROOT}/templates/one-to-one/create", status=400, json={})["detail"]


def test_lists_go_by_cursor_and_leave_private_reports_out(served: Served, call: Call) -> None:
    manager = served.as_role("manager")
    made = {reports.create(manager, f"Listed {number}").id for number in range(3)}
    hidden = reports.create(manager, "Listed alone", visibility="private").id
    asked = {"search": "Listed", "limit": 2, "filter": "public"}
    first = call("GET", ROOT, params=asked)
    rest = call("GET", ROOT, params=asked | {"cursor": first["next_cursor"]})

    assert {one["id"] for one in (*first["items"], *rest["items"])} == made and rest["next_cursor"] is None
    assert call("GET", ROOT, params={"search": "Listed"})["total"] == 4
    assert hidden not in str(call("GET", ROOT, "viewer", params={"search": "Listed"}))
    assert "'limit' must be 200 or less" in call("GET", ROOT, status=400, params={"limit": "201"})["detail"]
    assert "Did you mean 'search'" in call("GET", ROOT, status=400, params={"serch": "x"})["detail"]


def test_what_was_sent_is_listed_with_each_answer_and_what_failed_is_sent_again(
    served: Served, call: Call, ask: Ask
) -> None:
    ids = things(served, "manager")
    other = a_refused_letter(served.acme, ids["schedule_id"], ids["run_id"], "eve@example.org")
    path, of_run = f"{ROOT}/deliveries", {"run_id": ids["run_id"]}

    first = call("GET", path, params={**of_run, "limit": "1"})
    rest = call("GET", path, params={**of_run, "limit": "1", "cursor": first["next_cursor"]})
    assert (first["total"], rest["next_cursor"]) == (2, None)
    assert {one["id"] for one in (*first["items"], *rest["items"])} == {ids["delivery_id"], other}
    (eve,) = [one for one in (*first["items"], *rest["items"]) if one["id"] == other]
    assert (eve["recipient"], eve["channel"], eve["status"]) == ("eve@example.org", "email", "failed")
    assert (eve["report_name"], eve["schedule_id"]) == ("Of manager", ids["schedule_id"])
    assert eve["detail"] == "550 No such user here."
    assert [(one["attempt"], one["outcome"], one["answer"]) for one in eve["receipts"]] == [
        (1, "deferred", "451 Later."), (2, "refused", "550 No such user here."),
    ]  # fmt: skip
    assert call("GET", path, params={"schedule_id": ids["schedule_id"]})["total"] == 2
    again = call("POST", f"{path}/{other}/again", status=202)
    assert (again["status"], again["detail"]) == ("waiting", "550 No such user here.")
    assert call("POST", f"{path}/{other}/again", status=409)["detail"].startswith("It has not failed for good")
    assert call("GET", path, status=404, params={"schedule_id": "none"})["code"] == "NOT_FOUND"
    assert call("GET", path, status=404, params={"run_id": "none"})["code"] == "NOT_FOUND"

    assert call("GET", path, "viewer", status=403)["code"] == "FORBIDDEN"
    seen = call("GET", path, "viewer", params=of_run)
    assert (seen["items"], seen["total"]) == ([], 0)

    text = f'{{ deliveries(ORG, runId: "{ids["run_id"]}", limit: 1) {{ total nextCursor items {{ recipient status'
    told = done(ask(text + " receipts { outcome answer } } } }", "manager"))
    assert (told["total"], told["nextCursor"]) == (2, first["next_cursor"])
    assert [one["outcome"] for one in told["items"][0]["receipts"]] == ["deferred", "refused"]
    assert "costs" in refusal(ask("{ " + " ".join(
        f"a{n}: deliveries(ORG, limit: 200) {{ items {{ id receipts {{ at }} }} }}" for n in range(18)
    ) + " }", "manager"))[1]  # fmt: skip


def test_the_states_of_sends_are_those_of_the_core() -> None:
    state = document()["components"]["schemas"]["Send"]["properties"]["state"]

    assert state["enum"] == list(SEND_STATES)


def test_a_schedule_is_said_as_people_say_it(call: Call) -> None:
    one = call("POST", ROOT, status=201, json={"name": "Sent"})["id"]
    path = f"{ROOT}/{one}/schedules"
    made = call("POST", path, status=201, json={
        "schedule": "weekly", "day_of_week": 4, "time_utc": "16:30", "recipients": ["ada@example.org"],
        "export_format": "csv",
    })  # fmt: skip

    assert (made["cron"], made["time_zone"], made["formats"]) == ("30 16 * * 5", "UTC", ["csv"])
    assert (made["schedule"], made["day_of_week"], made["time"]) == ("weekly", 4, "16:30")
    monthly = {"schedule": "monthly", "day_of_month": 31}
    assert call("PUT", f"{ROOT}/schedules/{made['id']}", json=monthly)["sentence"].startswith("on the last day")
    days = {"from": "2026-04-01", "to": "2026-07-01", "time_zone": "Asia/Kathmandu", "report_id": one}
    sends = call("GET", f"{ROOT}/schedules/calendar", params=days)
    assert (sends["starts_at"], sends["total"], sends["cut_at"]) == ("2026-03-31T18:15:00Z", 3, None)
    assert [(at["due_at"][5:16], at["state"], at["teams"], at["run_id"]) for at in sends["items"]] == [
        (f"{day}T09:00", "paused", 0, None) for day in ("04-30", "05-31", "06-30")
    ]
    said = call("GET", f"{ROOT}/schedules/calendar", status=400, params={"month": "2026-04", "from": "2026-04-01"})
    assert said["detail"] == "Say either a month or days, not both."
    said = call("PUT", f"{ROOT}/schedules/{made['id']}", status=400, json={"time_utc": "10:00"})
    assert "Say too which schedule" in said["detail"]
    said = call("PUT", f"{ROOT}/schedules/{made['id']}", status=400, json={"time_utc": "25:00"})
    assert "'time_utc'" in said["detail"]
    assert call("POST", path, status=400, json={"schedule": "daily"})["detail"].startswith("A schedule needs at least")
    said = call("PUT", f"{ROOT}/schedules/{made['id']}", status=400, json={"is_active": True})
    assert "SIGHTLINE_SMTP_HOST" in said["detail"]


def test_a_schedule_is_answered_by_the_names_that_it_is_said_by(call: Call, ask: Ask) -> None:
    one = call("POST", ROOT, status=201, json={"name": "Said again"})["id"]
    path = f"{ROOT}/{one}/schedules"
    wish = {"schedule": "monthly", "day_of_month": 3, "time_utc": "06:05", "export_format": "pdf"}
    made = call("POST", path, status=201, json=wish | {"recipients": ["ada@example.org"]})

    assert {name: made[name] for name in wish} == wish
    there = f"{ROOT}/schedules/{made['id']}"
    assert call("PUT", there, json={name: made[name] for name in wish})["cron"] == made["cron"] == "5 6 3 * *"
    other = call("PUT", there, json={"cron": "0 9 * * *", "time_zone": "Europe/Berlin", "formats": ["pdf", "csv"]})
    assert (other["time"], other["time_utc"], other["export_format"]) == ("09:00", None, None)
    for wrong, said in (
        ({"schedule": "monthly", "day_of_week": 2}, "A monthly schedule has day_of_month, not day_of_week."),
        ({"schedule": "weekly", "day_of_month": 2}, "A weekly schedule has day_of_week, not day_of_month."),
        ({"schedule": "daily", "day_of_week": 0}, "A daily schedule has no day, not day_of_week."),
        ({"schedule": "daily", "time_zone": "Asia/Tokyo"}, "A daily schedule is in UTC."),
        ({"cron": "0 9 * * *", "day_of_week": 2}, "not both"),
        ({"export_format": "pdf", "formats": ["csv"]}, "not both"),
    ):
        assert said in call("PUT", there, status=400, json=wrong)["detail"], wrong
    assert call("GET", f"{ROOT}/schedules/list", params={"report_id": one})["items"] == [other]

    names = "schedule dayOfWeek dayOfMonth time timeUtc exportFormat formats isActive timeZone"
    fields = '{schedule: "weekly", dayOfWeek: 4, timeUtc: "16:30", exportFormat: "csv", isActive: false}'
    told = done(ask(f'mutation {{ updateSchedule(ORG, scheduleId: "{made["id"]}", input: {fields}) {{ {names} }} }}'))
    assert list(told.values()) == ["weekly", 4, None, "16:30", "16:30", "csv", ["csv"], False, "UTC"]
    text = 'mutation {{ createSchedule(ORG, reportId: "{}", input: {{{}, recipients: ["ada@example.org"]}}) {{ {} }} }}'
    told = done(ask(text.format(one, 'schedule: "daily", isActive: false', "cron pausedReason")))
    assert told["cron"] == "0 9 * * *" and told["pausedReason"]
    assert "day_of_month" in refusal(ask(text.format(one, 'schedule: "monthly", dayOfWeek: 1', "id")))[1]
    assert "no schedule 'yearly'" in refusal(ask(text.format(one, 'schedule: "yearly"', "id")))[1]


def test_a_report_is_made_public_by_either_name(call: Call) -> None:
    made = call("POST", ROOT, status=201, json={"name": "Hidden", "is_public": False})
    path = f"{ROOT}/{made['id']}"

    assert (made["visibility"], made["is_public"]) == ("private", False)
    assert call("PUT", path, json={"is_public": True})["visibility"] == "workspace"
    assert call("PUT", path, json={"name": "Shown"})["is_public"] is True
    assert call("PUT", path, json={"is_public": False, "visibility": "private"})["is_public"] is False
    said = call("PUT", path, status=400, json={"is_public": True, "visibility": "private"})
    assert said["detail"] == "'visibility' and 'is_public' say different things. Say one of them."


def test_what_is_wrong_is_named_without_gaps(call: Call) -> None:
    said = call("GET", ROOT, status=400, params={"filter": "x"})["detail"]
    assert "'filter' must be public, mine, template, archived or deleted, not 'x'." in said
    with pytest.raises(BadInput, match=r"^The report plan: it must hold keys and values\.$"):
        read_plan([])


def test_a_file_of_the_newest_run_is_asked_for_and_fetched(served: Served, call: Call, ask: Ask) -> None:
    ids = things(served, "manager")
    asked = call("POST", f"{ROOT}/exports", status=202, json={"format": "csv", "report_id": ids["report_id"]})
    assert (asked["status"], asked["run_id"], asked["download_url"]) == ("pending", ids["run_id"], None)
    assert asked["requested_by"] == served.as_role("manager").actor.user_id
    text = f'mutation {{ createExport(ORG, input: {{format: "csv", reportId: "{ids["report_id"]}"}})'
    assert done(ask(text + " { runId requestedBy } }")) == {
        "runId": ids["run_id"], "requestedBy": asked["requested_by"],
    }  # fmt: skip
    early = call("GET", f"{ROOT}/exports/{asked['id']}/download", status=404)
    assert "not finished yet" in early["detail"]
    exporting.execute(served.house, served.acme.workspace.id, asked["id"])
    job = call("GET", f"{ROOT}/exports/{asked['id']}")
    file = call("GET", job["download_url"].partition(":8501")[2])
    assert len(file.content) == job["file_size_bytes"] and "attachment" in file.headers["content-disposition"]
    rows = {"export_type": "rows", "format": "csv", "parameters": {"metric": "commits_count", "teams": []}}
    job = call("POST", f"{ROOT}/exports", status=202, json=rows)
    exporting.execute(served.house, served.acme.workspace.id, job["id"])
    file = call("GET", f"{ROOT}/exports/{job['id']}/download")
    assert file.content.decode("utf-8-sig").startswith("Authored (UTC),Person,Repository,Commit")
    assert call("POST", f"{ROOT}/exports/{job['id']}/cancel", status=409)["detail"].startswith("The run has ended")
    empty = call("POST", ROOT, status=201, json={"name": "Never ran"})["id"]
    said = call("POST", f"{ROOT}/exports", status=404, json={"report_id": empty})
    assert said["detail"] == "The report has no result yet. Run it first."


def test_the_document_tells_of_every_door_and_of_no_other(served: Served) -> None:
    routes = [
        one for one in programs(lambda: served.house) if isinstance(one, Route) and one.path.startswith("/api/v1")
    ]
    there = {(method, one.path) for one in routes for method in (one.methods or set()) - {"HEAD"}}
    told = {(method.upper(), path) for path, methods in document()["paths"].items() for method in methods}

    assert there - told == {("GET", "/api/v1/openapi.json")} and told - there == {("GET", "/api/me")}
    scopes = set(re.findall(r"needs `([a-z:]+)`", str(document())))
    assert scopes <= set(tokens.OFFERED)


def test_the_document_is_one_of_openapi_3_1(served: Served) -> None:
    import schemathesis

    assert served.client.get("/api/v1/openapi.json").json() == document()
    schema = schemathesis.openapi.from_dict(document())
    assert len(list(schema.get_all_operations())) == sum(len(methods) for methods in document()["paths"].values())


def test_what_is_not_there_and_methods_that_are_not_for_a_door_are_problems(call: Call) -> None:
    assert "no door '/api/v1/nonsense'" in call("GET", "/api/v1/nonsense", status=404)["detail"]
    wrong = call("PATCH", ROOT, status=405)
    assert wrong["code"] == "METHOD_NOT_ALLOWED" and "GET, HEAD, POST" in wrong["detail"]
    for body in (
        b"{",
        b"[]",
        b"[" * 90_000,
        b'{"name": "\\ud800"}',
        b'{"name": "a\\u0000b"}',
        b'{"name": NaN}',
        b"\xff",
    ):
        assert call("POST", ROOT, status=400, content=body)["code"] == "BAD_INPUT", body[:20]
