"""What a program makes is its own to change, and is made whole or not at all; a token of the command line's too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from core.access import tokens
from core.entrypoints.api.rest.operations import ROOT
from core.reports import service as reports
from core.schedules import service as schedules
from tests.api.conftest import Ask, Call, Served, done, refusal


@pytest.fixture(scope="module")
def shell(served: Served) -> str:
    """A token as `sightline tokens add` makes it."""
    return tokens.make(served.acme, "owners", ["reports:write", "schedules"])


@pytest.fixture
def no_schedule_is_kept(served: Served) -> Iterator[None]:
    """The store takes no row of a schedule."""
    refuses = "CREATE TRIGGER refuses BEFORE INSERT ON scheduled_reports BEGIN SELECT RAISE(ABORT, 'full'); END"
    with served.acme.app.session() as session:
        session.execute(sa.text(refuses))
    yield
    with served.acme.app.session() as session:
        session.execute(sa.text("DROP TRIGGER refuses"))


def test_a_report_whose_schedule_cannot_be_kept_is_not_there_either(
    served: Served, ask: Ask, shell: str, no_schedule_is_kept: None
) -> None:
    there = len(reports.reports(served.acme))
    text = 'mutation { createSavedReport(ORG, input: {name: "Half", scheduleCron: "daily"}) { id } }'

    for asked in ({"token": shell}, {"role": "manager"}):
        code, said = refusal(ask(text, **asked))
        assert code == "INTERNAL" and "owner" not in said
    assert len(reports.reports(served.acme)) == there


def test_a_report_and_its_rhythm_are_changed_together_or_not_at_all(served: Served, ask: Ask, shell: str) -> None:
    made = done(ask(
        'mutation { createSavedReport(ORG, input: {name: "Whole", scheduleCron: "daily", visibility: "private"})'
        " { id scheduleId ownerId mayEdit } }", token=shell,
    ))  # fmt: skip
    assert (made["ownerId"], made["mayEdit"]) == (None, True) and made["scheduleId"]
    change = f'mutation($cron: String) {{ updateSavedReport(ORG, reportId: "{made["id"]}", input: {{name: "Other",'
    change += " scheduleCron: $cron}) { name scheduleId } }"

    for wrong in ("soon", "0 25 * * *"):
        code, said = refusal(ask(change, token=shell, variables={"cron": wrong}))
        assert (code, wrong in said) == ("BAD_INPUT", True)
        assert reports.get(served.acme, made["id"]).name == "Whole"
    assert schedules.get(served.acme, made["scheduleId"]).rhythm.preset == "daily"
    told = done(ask(change, token=shell, variables={"cron": "weekly"}))
    assert told == {"name": "Other", "scheduleId": made["scheduleId"]}
    assert schedules.get(served.acme, made["scheduleId"]).rhythm.preset == "weekly"
    assert done(ask(change, token=shell, variables={"cron": ""}))["scheduleId"] is None


def test_a_schedule_is_changed_and_resumed_or_neither(call: Call, shell: str) -> None:
    one = call("POST", ROOT, token=shell, status=201, json={"name": "Paused"})["id"]
    wish = {"schedule": "daily", "recipients": ["ada@example.org"]}
    made = call("POST", f"{ROOT}/{one}/schedules", token=shell, status=201, json=wish)
    path = f"{ROOT}/schedules/{made['id']}"

    said = call("PUT", path, token=shell, status=400, json={"schedule": "monthly", "is_active": True})
    assert "SIGHTLINE_SMTP_HOST" in said["detail"]
    (now,) = call("GET", f"{ROOT}/schedules/list", token=shell, params={"report_id": one})["items"]
    assert (now["schedule"], now["is_active"]) == ("daily", False)


def test_a_token_of_the_command_line_does_with_its_reports_what_is_documented(call: Call, shell: str) -> None:
    made = call("POST", ROOT, token=shell, status=201, json={"name": "From a shell", "visibility": "private"})
    path = f"{ROOT}/{made['id']}"

    assert made["may_edit"] and call("GET", path, token=shell)["creator_name"] == "Sightline"
    assert call("PUT", path, token=shell, json={"name": "Renamed"})["name"] == "Renamed"
    mine = call("GET", ROOT, token=shell, params={"filter": "mine", "search": "Renamed"})
    assert [one["id"] for one in mine["items"]] == [made["id"]]
    assert call("POST", f"{path}/archive", token=shell)["archived_at"]
    assert call("POST", f"{path}/unarchive", token=shell)["archived_at"] is None
    call("DELETE", path, token=shell, status=204)
    assert call("POST", f"{path}/restore", token=shell)["name"] == "Renamed"
    assert call("PUT", f"{path}/members/member", token=shell, json={"role": "editor"})["role"] == "editor"
    assert call("PUT", path, "member", json={"description": "Shared"})["may_edit"]


def test_what_is_the_command_lines_is_nobody_elses_and_it_changes_nothing_of_others(
    served: Served, call: Call, shell: str
) -> None:
    private = {"name": "Not yours", "visibility": "private"}
    ours = call("POST", ROOT, token=shell, status=201, json=private)["id"]
    theirs = call("POST", ROOT, "member", 201, json=private)["id"]
    reads = tokens.make(served.acme, "owners read", ["reports:read"])

    for role in ("member", "manager"):
        call("GET", f"{ROOT}/{ours}", role, 404)
    call("GET", f"{ROOT}/{theirs}", token=shell, status=404)
    public = call("POST", ROOT, "member", 201, json={"name": "Not yours either"})["id"]
    for method in ("PUT", "DELETE"):
        assert call(method, f"{ROOT}/{public}", token=shell, status=403, json={})["code"] == "FORBIDDEN"
        assert call(method, f"{ROOT}/{ours}", token=reads, status=403, json={})["code"] == "FORBIDDEN"
    assert call("GET", f"{ROOT}/{ours}", token=reads)["may_edit"] is False
