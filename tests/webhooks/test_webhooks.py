"""What other tools tell by themselves: signed, once, and only what they name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from core.base.errors import BadInput, Conflict, NotAllowed, NotFound
from core.bootstrap import House
from core.catalogue.models import Repository
from core.context import Context
from core.entrypoints.api import hooks
from core.entrypoints.cli import assembled, out
from core.ingestion import service as sources
from core.ingestion.models import Webhook
from core.ingestion.records import service as records
from core.ingestion.webhooks import service, signing
from core.ingestion.webhooks.kinds import KINDS
from core.ingestion.webhooks.service import Made
from tests.conftest import NOW
from tests.ingestion import clones
from tests.pages import entered

AT = "2026-01-31T09:30:00Z"
Sent = Callable[..., Any]


@pytest.fixture
def repo(ctx: Context) -> str:
    with ctx.app.session() as session:
        row = Repository(workspace_id=ctx.workspace.id, name="app", url="https://github.com/acme/app",
                         created_at=ctx.clock())  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


@pytest.fixture
def send(house: House) -> Sent:
    """`send(made, payload, **headers)` posts to a webhook's address as its tool would."""
    client = TestClient(Starlette(routes=hooks.routes(lambda: house)), base_url="http://sightline.example")

    def post(made: Made, payload: Any, **headers: str) -> Any:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post("/hooks/" + made.address.rpartition("/")[2], content=body, headers=named)

    return post


def rows(ctx: Context, table: str) -> list[dict[str, Any]]:
    return ctx.metrics.rows(f"SELECT * FROM {table} FINAL WHERE workspace_id = {{w:String}} ORDER BY ALL",
                            {"w": ctx.workspace.id})  # fmt: skip


def pagerduty(kind: str, number: int, **data: Any) -> dict[str, Any]:
    told = {"id": "P1", "title": "Checkout is slow", "urgency": "high", "created_at": AT,
            "html_url": "https://acme.pagerduty.com/incidents/P1", **data}  # fmt: skip
    return {"event": {"id": f"E{number}", "event_type": f"incident.{kind}",
                      "occurred_at": f"2026-01-31T1{number}:00:00Z", "data": told}}  # fmt: skip


def test_an_incident_of_pagerduty_is_opened_acknowledged_and_resolved(ctx: Context, repo: str, send: Sent) -> None:
    made = service.add(ctx, "pager", "pagerduty", "app")

    for number, kind in enumerate(("triggered", "acknowledged", "resolved")):
        body = json.dumps(pagerduty(kind, number)).encode()
        answer = send(made, body, X_PagerDuty_Signature=f"v1=other,v1={signing.signature(made.secret, body)}")
        assert answer.json()["outcome"] == "taken", answer.text

    (row,) = rows(ctx, "incidents")
    assert (row["incident_key"], row["title"], row["severity"]) == ("pagerduty:P1", "Checkout is slow", "high")
    assert (row["opened_at"].hour, row["acknowledged_at"].hour, row["resolved_at"].hour) == (9, 11, 12)
    assert row["repo_id"] == repo
    (upload,) = records.uploads(ctx)
    assert (upload.source, upload.kind, upload.made_by) == ("pager", "incident", "Webhook 'pager'")


def test_a_message_is_taken_once(ctx: Context, repo: str, send: Sent) -> None:
    made = service.add(ctx, "pager", "pagerduty", "app", sign=False)

    first = send(made, pagerduty("triggered", 0))
    again = send(made, pagerduty("triggered", 0, title="Changed"))

    assert (first.json()["outcome"], again.json()["outcome"]) == ("taken", "known")
    assert rows(ctx, "incidents")[0]["title"] == "Checkout is slow" and len(service.messages(ctx, "pager")) == 1


def test_alerts_of_alertmanager_become_incidents_that_end(ctx: Context, repo: str, send: Sent) -> None:
    made = service.add(ctx, "alerts", "alertmanager", "app")
    labels, notes = {"alertname": "Slow", "severity": "page"}, {"summary": "Checkout is slow"}
    alert = {"status": "firing", "labels": labels, "annotations": notes, "fingerprint": "f1", "startsAt": AT,
             "endsAt": "0001-01-01T00:00:00Z"}  # fmt: skip

    send(made, {"version": "4", "status": "firing", "alerts": [alert, alert | {"fingerprint": "f2"}]})
    ended = alert | {"status": "resolved", "endsAt": "2026-01-31T10:15:00.123Z"}
    answer = send(made, {"version": "4", "status": "resolved", "alerts": [ended]})

    assert answer.status_code == 200 and made.secret == ""
    one, two = rows(ctx, "incidents")
    assert (one["title"], one["severity"], one["resolved_at"].minute) == ("Checkout is slow", "page", 15)
    assert two["resolved_at"] is None


def test_alerts_of_opsgenie_tell_times_in_thousandths(ctx: Context, repo: str, send: Sent) -> None:
    made = service.add(ctx, "genie", "opsgenie", "app")
    alert = {"alertId": "a-1", "message": "Checkout is slow", "priority": "P1", "createdAt": 1769851800000}

    send(made, {"action": "Create", "alert": alert})
    send(made, {"action": "Close", "alert": alert | {"updatedAt": 1769855400000000000}})
    other = send(made, {"action": "AddNote", "alert": alert})

    (row,) = rows(ctx, "incidents")
    assert (row["opened_at"].hour, row["opened_at"].minute, row["resolved_at"].hour) == (9, 30, 10)
    assert other.json()["outcome"] == "ignored"


def test_any_tool_tells_deployments_by_paths(ctx: Context, repo: str, send: Sent) -> None:
    paths = {
        "each": "builds",
        "key": "id",
        "started_at": "time.begin",
        "status": "result",
        "environment": "=production",
    }
    made = service.add(ctx, "builds", "deployments", "app", paths, sign=False)

    answer = send(made, {"builds": [{"id": 7, "time": {"begin": AT}, "result": "SUCCESS"},
                                    {"id": 8, "time": {"begin": AT}, "result": "exploded"}]})  # fmt: skip

    (row,) = rows(ctx, "deployments")
    assert (row["deployment_key"], row["status"], row["is_production"]) == ("7", "success", 1)
    assert answer.json()["outcome"] == "taken" and "1 refused" in answer.json()["said"]


def test_a_message_adds_to_what_is_known(ctx: Context, repo: str, send: Sent) -> None:
    made = service.add(ctx, "own", "incidents", "app", sign=False)

    send(made, {"key": "I-1", "title": "Slow", "severity": "high", "opened_at": AT, "more": "left out"})
    send(made, {"key": "I-1", "opened_at": AT, "resolved_at": "2026-01-31T11:00:00Z"})

    (row,) = rows(ctx, "incidents")
    assert (row["title"], row["severity"], row["resolved_at"].hour) == ("Slow", "high", 11)


def test_a_message_may_name_its_repository_itself(ctx: Context, repo: str, send: Sent) -> None:
    made = service.add(ctx, "own", "incidents", sign=False)

    named = send(made, {"key": "I-1", "opened_at": AT, "repository": "app"})
    bare = send(made, {"key": "I-2", "opened_at": AT})

    assert named.json()["outcome"] == "taken" and rows(ctx, "incidents")[0]["repo_id"] == repo
    assert bare.status_code == 422 and "names no repository" in bare.json()["said"]


def github(made: Made, send: Sent, event: str, payload: dict[str, Any], delivery: str = "d1", secret: str = "") -> Any:
    body = json.dumps(payload).encode()
    signed = signing.signature(secret or made.secret, body)
    return send(made, body, X_GitHub_Event=event, X_GitHub_Delivery=delivery, X_Hub_Signature_256=f"sha256={signed}")


HERE = {"repository": {"full_name": "acme/app", "html_url": "https://github.com/acme/app"}}


def deployed(state: str) -> dict[str, Any]:
    return HERE | {
        "deployment_status": {"state": state, "created_at": "2026-01-31T09:40:00Z", "target_url": "https://ci/1"},
        "deployment": {"id": 42, "environment": "production", "created_at": AT, "sha": "a" * 40,
                       "creator": {"login": "ann"}},
    }  # fmt: skip


def test_a_deployment_of_github_is_written_at_once(ctx: Context, repo: str, send: Sent) -> None:
    made = service.add(ctx, "gh", "github")

    github(made, send, "deployment_status", deployed("in_progress"), "d1")
    answer = github(made, send, "deployment_status", deployed("success"), "d2")

    (row,) = rows(ctx, "deployments")
    assert answer.json()["outcome"] == "taken"
    assert (row["deployment_key"], row["status"], row["is_production"]) == ("42", "success", 1)
    assert (row["started_at"].minute, row["finished_at"].minute) == (30, 40) and row["creator_id"]


@pytest.mark.parametrize("event", ["push", "pull_request", "pull_request_review", "workflow_run"])
def test_a_changed_repository_is_read_soon(ctx: Context, tmp_path: Any, send: Sent, event: str) -> None:
    clone = clones.new(tmp_path / "app")
    clone.commit()
    clone.git("remote", "add", "origin", "git@github.com:acme/app.git")
    source = sources.add_git(ctx, clone.path)
    made = service.add(ctx, "gh", "github")

    answer = github(made, send, event, HERE)

    (run,) = sources.runs(ctx, source.id)
    assert run.triggered_by == "webhook" and "app will be read." in answer.json()["said"]


def test_a_repository_that_nothing_reads_is_told_as_that(ctx: Context, send: Sent) -> None:
    made = service.add(ctx, "gh", "github")

    assert "No source here reads" in github(made, send, "push", HERE).json()["said"]
    refused = github(made, send, "deployment_status", deployed("success"), "d2")
    assert refused.status_code == 422 and "is not here" in refused.json()["said"]
    assert "can reach this address" in github(made, send, "ping", {"zen": "…"}, "d3").json()["said"]


def test_a_message_that_is_not_signed_is_refused_and_not_even_kept(ctx: Context, repo: str, send: Sent) -> None:
    made, own = service.add(ctx, "gh", "github"), service.add(ctx, "own", "incidents", "app")
    body = json.dumps({"key": "1", "opened_at": AT}).encode()
    late = signing.signed(own.secret, body, NOW - timedelta(minutes=6))
    other = signing.signed("another", body, NOW)

    assert github(made, send, "deployment_status", deployed("success"), secret="another").status_code == 403
    assert send(made, deployed("success")).status_code == 403
    for told in (late, other, "", "t=x,v1=y"):
        assert send(own, body, X_Sightline_Signature=told).status_code == 403
    assert rows(ctx, "incidents") == rows(ctx, "deployments") == service.messages(ctx, "own") == []
    good = send(own, body, X_Sightline_Signature=signing.signed(own.secret, body, NOW))
    assert good.json()["outcome"] == "taken"


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [(b"{", 400, "no JSON"), (b"3", 400, "no JSON object"), (b" " * 5_000_001, 413, "larger than 5,000,000 bytes"),
     (b'{"key": "1"}', 422, "'opened_at' is missing."), (b'{"key": "1", "opened_at": "soon"}', 422, "'soon'")],
)  # fmt: skip
def test_what_is_wrong_with_a_message_is_told_to_its_sender(
    ctx: Context, repo: str, send: Sent, body: bytes, status: int, why: str
) -> None:
    answer = send(service.add(ctx, "own", "incidents", "app", sign=False), body)

    assert answer.status_code == status and why in answer.text


def test_a_refused_message_may_come_again(ctx: Context, repo: str, send: Sent) -> None:
    made = service.add(ctx, "gh", "github")
    with ctx.app.session() as session:
        session.execute(sa.update(Repository).values(url=""))
    assert github(made, send, "deployment_status", deployed("success")).status_code == 422
    with ctx.app.session() as session:
        session.execute(sa.update(Repository).values(url="https://github.com/acme/app"))

    assert github(made, send, "deployment_status", deployed("success")).json()["outcome"] == "taken"
    assert [one.outcome for one in service.messages(ctx, "gh")] == ["taken"]


def test_a_made_up_or_removed_address_is_refused(ctx: Context, repo: str, send: Sent) -> None:
    made = service.add(ctx, "own", "incidents", "app", sign=False)
    assert send(Made("", made.address + "x", ""), {"key": "1", "opened_at": AT}).status_code == 404

    service.remove(ctx, "own")

    assert send(made, {"key": "1", "opened_at": AT}).status_code == 404 and service.webhooks(ctx) == []


def test_only_the_last_messages_are_kept(ctx: Context, repo: str, send: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "KEPT", 2)
    made = service.add(ctx, "own", "incidents", "app", sign=False)

    for number in range(4):
        send(made, {"key": str(number), "opened_at": AT})

    assert len(service.messages(ctx, "own")) == 2


def test_the_secret_and_the_address_are_not_kept_readable(ctx: Context) -> None:
    made = service.add(ctx, "gh", "github")

    with ctx.app.reading() as session:
        raw = str(session.execute(sa.text("SELECT * FROM webhooks")).all())
        assert session.scalars(sa.select(Webhook.secret)).one() == made.secret
    assert made.secret not in raw and made.address.rpartition("/")[2] not in raw


@pytest.mark.parametrize("kind", KINDS)
def test_a_test_says_what_an_example_would_do_and_changes_nothing(ctx: Context, repo: str, kind: str) -> None:
    service.add(ctx, "own", kind, "app")

    received = service.test(ctx, "own")

    assert received.outcome == "test" and ("would be added" in received.said or "can reach" in received.said)
    assert rows(ctx, "incidents") == rows(ctx, "deployments") == records.uploads(ctx) == []
    assert service.messages(ctx, "own")[0].outcome == "test"


def test_what_is_no_webhook_is_refused(ctx: Context, acting: Any, repo: str) -> None:
    with pytest.raises(NotFound, match="Did you mean 'pagerduty'"):
        service.add(ctx, "a", "pagerdty")
    with pytest.raises(NotFound, match="no repository named 'ap'"):
        service.add(ctx, "a", "incidents", "ap")
    with pytest.raises(BadInput, match="Did you mean 'opened_at'"):
        service.add(ctx, "a", "incidents", "app", {"open_at": "x"})
    with pytest.raises(BadInput, match="takes no paths"):
        service.add(ctx, "a", "github", "", {"key": "x"})
    with pytest.raises(BadInput, match="needs a secret"):
        service.add(ctx, "a", "github", sign=False)
    with pytest.raises(NotAllowed):
        service.add(acting("member"), "a", "github")
    service.add(ctx, "a", "github")
    with pytest.raises(Conflict, match="'a' already"):
        service.add(ctx, "a", "github")


def test_other_workspaces_see_and_remove_nothing(ctx: Context, house: House) -> None:
    from core.access import workspaces

    service.add(ctx, "gh", "github")
    other = house.context(workspaces.create(house.app, name="Other", now=NOW))

    assert service.webhooks(other) == []
    with pytest.raises(NotFound):
        service.remove(other, "gh")


def test_webhooks_are_kept_by_command(house: House, ctx: Context, repo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "ready", lambda: house)

    def ran(*words: str) -> str:
        result = CliRunner().invoke(assembled(list(words)), [*words, "--workspace", ctx.workspace.slug])
        assert result.exit_code == 0, result.output
        return result.output

    made = json.loads(ran("webhooks", "add", "own", "incidents", "--repo", "app", "--map", "key=id", "--map",
                          "opened_at=at", "--json"))["rows"][0]  # fmt: skip
    assert "/hooks/wh_" in made["address"] and made["secret"]
    assert json.loads(ran("webhooks", "list", "--json"))["rows"][0]["signed"] is True
    assert "is missing" in ran("webhooks", "test", "own")
    assert "test" in ran("webhooks", "log", "own")
    assert "'own' was removed." in ran("webhooks", "remove", "own", "--yes")


def test_a_webhook_is_made_tried_and_ended_on_the_page(
    house: House, ctx: Context, repo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = entered(house, ctx, monkeypatch, "data/webhooks").run()
    assert not page.exception and "No tool tells anything yet" in page.info[0].value

    page.selectbox(key="hook_kind").set_value("incidents").run()
    page.text_input(key="hook_name").set_value("own")
    page.selectbox(key="hook_repo").set_value("app").run()
    page.button(key="hook_add").click().run()
    assert not page.exception and "/hooks/wh_" in page.code[0].value and len(page.code) == 2
    (view,) = service.webhooks(ctx)
    page.button(key=f"hook_test_{view.id}").click().run()
    assert "1 would be added" in page.info[0].value and not page.code
    page.button(key=f"hook_remove_{view.id}").click().run()
    assert service.webhooks(ctx) == [] and not page.exception
