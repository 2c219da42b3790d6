"""Records over HTTP, by command and on the page: one service, and what goes wrong is a sentence."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from core.access import tokens, users
from core.access.models import ApiToken
from core.base.errors import BadInput, Conflict, NotAllowed, NotFound
from core.bootstrap import House
from core.context import Context
from core.entrypoints.api import records
from core.entrypoints.cli import assembled, out
from core.ingestion.records import service
from tests.conftest import NOW
from tests.pages import entered
from tests.records.conftest import rows

ONE = {"key": "1", "started_at": "2026-01-05T09:00:00Z"}


@pytest.fixture
def client(house: House) -> TestClient:
    return TestClient(Starlette(routes=records.routes(lambda: house)), base_url="http://sightline.example")


@pytest.fixture
def signed(ctx: Context) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.make(ctx, 'ci')}"}


@pytest.fixture
def ran(house: House, monkeypatch: pytest.MonkeyPatch, ctx: Context) -> Callable[..., tuple[int, str]]:
    monkeypatch.setattr(out, "ready", lambda: house)

    def run(*words: str, given: str | bytes = "") -> tuple[int, str]:
        result = CliRunner().invoke(assembled(list(words)), [*words, "--workspace", ctx.workspace.slug], input=given)
        return result.exit_code, result.output

    return run


def test_a_program_pushes_a_record_with_a_token(
    client: TestClient, ctx: Context, repo: str, signed: dict[str, str]
) -> None:
    first = client.post("/api/v1/records/deployment?repo=app", json=[ONE], headers=signed)
    again = client.post("/api/v1/records/deployments?repo=app", json=[ONE, ONE | {"key": "2"}], headers=signed)

    assert first.status_code == 200 and first.json()["added"] == 1
    assert (again.json()["added"], again.json()["unchanged"]) == (1, 1)
    assert len(rows(ctx, "deployments")) == 2
    (upload,) = service.uploads(ctx)
    assert (upload.made_by, upload.source, upload.rows) == ("Token 'ci'", "http", 3)
    assert tokens.tokens(ctx)[0].last_used_at == NOW


def test_refused_rows_are_told_and_the_others_taken(
    client: TestClient, ctx: Context, repo: str, signed: dict[str, str]
) -> None:
    mixed = client.post("/api/v1/records/deployment?repo=app", json=[ONE, {"key": "2"}], headers=signed)
    none = client.post("/api/v1/records/deployment?repo=app", json=[{"key": "2"}], headers=signed)

    refusal = {"row": 2, "field": "started_at", "reason": "'started_at' is missing."}
    assert (mixed.status_code, mixed.json()["refusals"]) == (200, [refusal])
    assert (none.status_code, none.json()["refused"]) == (422, 1)


def test_csv_and_lines_are_taken_too_and_a_dry_run_changes_nothing(
    client: TestClient, ctx: Context, repo: str, signed: dict[str, str]
) -> None:
    url = "/api/v1/records/incident?repo=app&dry_run=true"
    table = client.post(url, content="key,opened_at\n1,2026-01-05\n", headers={**signed, "Content-Type": "text/csv"})
    lines = client.post(
        url, content='{"key": "1", "opened_at": "2026-01-05"}\n',
        headers={**signed, "Content-Type": "application/x-ndjson"},
    )  # fmt: skip

    assert table.json()["added"] == lines.json()["added"] == 1
    assert rows(ctx, "incidents") == [] and service.uploads(ctx) == []


def test_without_a_good_token_nothing_is_read(client: TestClient, ctx: Context, repo: str) -> None:
    url = "/api/v1/records/deployment?repo=app"
    ended, revoked = tokens.make(ctx, "old", days=1), tokens.make(ctx, "leaked")
    with ctx.app.session() as session:
        session.execute(sa.update(ApiToken).where(ApiToken.name == "old").values(expires_at=NOW - timedelta(days=1)))
    tokens.revoke(ctx, "leaked")

    shown = ("", "Bearer sl_made-up", f"Basic {revoked}", f"Bearer {ended}", f"Bearer {revoked}")
    answers = [client.post(url, json=[ONE], headers={"Authorization": text}) for text in shown]

    assert [answer.status_code for answer in answers] == [401] * 5
    assert "Authorization: Bearer" in answers[0].json()["error"]
    assert rows(ctx, "deployments") == []


def test_a_token_that_may_only_read_pushes_nothing(client: TestClient, ctx: Context, repo: str) -> None:
    reads = {"Authorization": f"Bearer {tokens.make(ctx, 'reader', ['read'])}"}

    answer = client.post("/api/v1/records/deployment?repo=app", json=[ONE], headers=reads)

    assert answer.status_code == 403 and "may not manage sources" in answer.json()["error"]


def test_a_token_is_of_one_workspace(client: TestClient, ctx: Context, repo: str, house: House) -> None:
    from core.access import workspaces

    other = house.context(workspaces.create(house.app, name="Other", now=NOW))
    theirs = {"Authorization": f"Bearer {tokens.make(other, 'ci')}"}

    answer = client.post("/api/v1/records/deployment?repo=app", json=[ONE], headers=theirs)

    assert answer.status_code == 404 and rows(ctx, "deployments") == []


def test_a_token_ends_with_its_makers_membership(house: House, ctx: Context) -> None:
    users.add(ctx, username="ada", email="ada@example.org", role="admin")
    users.add(ctx, username="bob", email="bob@example.org", role="admin")
    ada = next(user for user in users.members(ctx) if user.username == "ada")
    token = tokens.make(ctx.as_actor(ctx.actor.__class__(ada.id, "Ada", "admin", ctx.actor.capabilities)), "ci")

    assert tokens.bearer(house.app, token, NOW)
    users.set_role(ctx, "ada", "viewer")
    demoted = tokens.bearer(house.app, token, NOW)
    assert demoted and demoted.actor.capabilities == frozenset()
    users.remove(ctx, "ada")
    assert tokens.bearer(house.app, token, NOW) is None


def test_a_token_is_kept_as_a_hash_and_may_what_its_maker_may(ctx: Context, acting: Any) -> None:
    token = tokens.make(ctx, "ci")

    with ctx.app.reading() as session:
        row = session.scalars(sa.select(ApiToken)).one()
        assert token not in str(row.__dict__) and row.begins == token[:10]
    with pytest.raises(NotAllowed, match="may not manage sources"):
        tokens.make(acting("member"), "mine")
    assert "push" not in tokens.offered(acting("member"))
    tokens.make(acting("manager"), "ci")
    assert [view.name for view in tokens.tokens(acting("manager"))] == ["ci"]
    assert tokens.tokens(acting("viewer")) == [] and len(tokens.tokens(ctx)) == 2
    with pytest.raises(NotFound):
        tokens.revoke(acting("viewer"), "ci")
    with pytest.raises(BadInput, match="There are 2 tokens named 'ci'"):
        tokens.revoke(ctx, "ci")
    with pytest.raises(NotAllowed, match="A token makes"):
        tokens.make(ctx.as_actor(replace(ctx.actor, is_token=True)), "another", ["read"])
    with pytest.raises(Conflict, match="'ci' already"):
        tokens.make(ctx, "ci")
    with pytest.raises(BadInput, match="Did you mean 'push'"):
        tokens.make(ctx, "other", ["pusch"])


@pytest.mark.parametrize(
    ("path", "content", "kind", "status", "why"),
    [
        ("deploiment?repo=app", b"[]", "application/json", 404, "Did you mean 'deployment'"),
        ("deployment?rep=app", b"[]", "application/json", 400, "no option 'rep'"),
        ("deployment?repo=nowhere", b"[]", "application/json", 404, "no repository named 'nowhere'"),
        ("deployment?repo=app", b"[{]", "application/json", 400, "no JSON"),
        ("deployment?repo=app", b"x", "application/pdf", 400, "format of 'application/pdf'"),
        ("deployment?repo=app&dry_run=perhaps", b"[]", "application/json", 400, "neither true nor false"),
        ("deployment?repo=app", b" " * 20_000_001, "application/json", 413, "larger than 20,000,000 bytes"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(
    client: TestClient, repo: str, signed: dict[str, str], path: str, content: bytes, kind: str, status: int, why: str
) -> None:
    answer = client.post(f"/api/v1/records/{path}", content=content, headers={**signed, "Content-Type": kind})

    assert answer.status_code == status and why in answer.json()["error"]


def test_templates_are_given_to_everybody(client: TestClient) -> None:
    assert client.get("/api/v1/records/incident/template").text.startswith("key,title,severity,opened_at")
    assert client.get("/api/v1/records/incident/template?format=json").json()[0]["key"] == "INC-7"
    assert client.get("/api/v1/records/incident/template?format=xml").status_code == 400


def test_the_command_pushes_tells_and_takes_back(
    ran: Callable[..., tuple[int, str]], ctx: Context, repo: str, tmp_path: Path
) -> None:
    file = tmp_path / "deploys.csv"
    file.write_text("key,started_at\n1,2026-01-05\n2,never\n")

    code, text = ran("records", "push", "deployment", str(file), "--repo", "app", "--dry-run")
    assert code == 3 and "1 would be added" in text and rows(ctx, "deployments") == []
    code, text = ran("records", "push", "deployment", str(file), "--repo", "app", "--json",
                     "--refused", str(tmp_path / "refused.csv"))  # fmt: skip
    told = json.loads(text)["rows"][0]
    assert code == 3 and (told["added"], told["refused"]) == (1, 1)
    assert "'never'" in (tmp_path / "refused.csv").read_text()
    assert "deploys.csv" in ran("records", "list", "--json")[1]
    code, text = ran("records", "remove", "deploys.csv", "--yes")
    assert code == 0 and "1 row was removed." in text


def test_the_command_reads_what_is_piped_in(ran: Callable[..., tuple[int, str]], ctx: Context, repo: str) -> None:
    code, text = ran(
        "records", "push", "incident", "-", "--repo", "app", given='{"key": "1", "opened_at": "2026-01-05"}\n'
    )

    assert code == 0 and "1 added" in text


def test_the_command_prints_a_template(ran: Callable[..., tuple[int, str]]) -> None:
    result = CliRunner().invoke(assembled(["records", "template", "review"]), ["records", "template", "review"])

    assert result.exit_code == 0 and result.output.startswith("pull_request,key,reviewer,state,submitted_at")


def test_tokens_are_made_listed_and_revoked_by_command(ran: Callable[..., tuple[int, str]], house: House) -> None:
    token = json.loads(ran("tokens", "add", "ci", "--json")[1])["rows"][0]["token"]

    assert tokens.bearer(house.app, token, NOW)
    assert token not in ran("tokens", "list")[1]
    assert "'ci' was revoked." in ran("tokens", "revoke", "ci", "--yes")[1]
    assert tokens.bearer(house.app, token, NOW) is None


@pytest.fixture
def page(house: House, ctx: Context, repo: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    return entered(house, ctx, monkeypatch, "data/records").run()


def test_a_file_is_checked_first_and_taken_when_that_is_wanted(page: AppTest, ctx: Context) -> None:
    assert not page.exception and "Nothing was pushed yet" in page.info[0].value

    page.file_uploader(key="record_file").upload("deploys.csv", b"key,started_at\n1,2026-01-05\n2,never\n", "text/csv")
    page.run()

    assert [metric.value for metric in page.metric] == ["2", "1", "0", "0", "1"]
    assert "1 row is refused" in page.warning[0].value and rows(ctx, "deployments") == []
    page.button(key="record_take").click().run()
    assert not page.exception and len(rows(ctx, "deployments")) == 1
    (upload,) = service.uploads(ctx)
    page.button(key=f"unpush_{upload.id}").click().run()
    assert rows(ctx, "deployments") == [] and service.uploads(ctx) == []


def test_a_token_is_shown_once_on_its_page(house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    page = entered(house, ctx, monkeypatch, "account/tokens", "admin")
    page.session_state["_token_made"] = ("ci", tokens.make(ctx, "ci"))
    page.run()

    assert page.code[0].value.startswith("sl_")
    page.run()
    assert not page.code
    (view,) = tokens.tokens(ctx)
    page.button(key=f"revoke_{view.id}").click().run()
    assert tokens.tokens(ctx)[0].is_revoked and not page.exception


def test_a_stream_of_many_records_holds_few_of_them(ctx: Context, repo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.ingestion import staging
    from core.ingestion.records.service import Push

    monkeypatch.setattr(staging, "FLUSH", 500)
    lines = "".join(f'{{"key": "{n}", "started_at": "2026-01-05"}}\n' for n in range(2_000)).encode()

    pushed = service.push(ctx, io.BytesIO(lines), "ndjson", Push("deployment", "app"))

    assert pushed.added == 2_000
