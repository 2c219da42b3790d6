"""Sharing, versions and archive of reports over REST and GraphQL: one service behind both."""

from __future__ import annotations

import pytest

from core.access import tokens, users, workspaces
from core.context import Context
from core.entrypoints.api.rest.operations import ROOT
from core.reports import service as reports
from core.reports import versions
from tests.api.conftest import Ask, Call, Served, done, refusal
from tests.fresh import NOW


@pytest.fixture(scope="module")
def member(served: Served) -> Context:
    return served.as_role("member")


def test_a_report_is_shared_taken_back_and_given_away(call: Call, ask: Ask, member: Context) -> None:
    one = reports.create(member, "Costs", visibility="private").id
    path = f"{ROOT}/{one}"
    assert call("GET", path, "viewer", 404)["code"] == "NOT_FOUND"

    made = call("PUT", f"{path}/members/viewer", "member", json={"role": "viewer"})
    assert made == {"username": "viewer", "name": "viewer", "role": "viewer"}
    assert call("GET", path, "viewer")["may_edit"] is False
    shared = (
        f'mutation {{ shareReport(ORG, reportId: "{one}", username: "manager@example.org", role: EDITOR) {{ role }} }}'
    )
    assert done(ask(shared, "member")) == {"role": "EDITOR"}
    assert call("GET", path, "manager")["may_edit"] is True
    both = [("manager", "editor"), ("viewer", "viewer")]
    assert [(m["username"], m["role"]) for m in call("GET", f"{path}/members", "viewer")["items"]] == both
    asked = f'{{ reportMembers(ORG, reportId: "{one}") {{ total items {{ username role }} }} }}'
    assert done(ask(asked, "member"))["total"] == 2

    assert call("DELETE", f"{path}/members/viewer", "member", 204).content == b""
    assert call("DELETE", f"{path}/members/viewer", "member", 204).content == b""
    assert call("GET", path, "viewer", 404)["code"] == "NOT_FOUND"
    given = call("POST", f"{path}/transfer", "member", json={"username": "manager"})
    assert (given["creator_name"], given["may_edit"]) == ("manager", True)
    said = call("PUT", f"{path}/members/viewer", "member", 403, json={})
    assert "Only the owner of 'Costs' and admins" in said["detail"]
    public = call("PUT", path, "manager", json={"visibility": "workspace"})
    assert public["is_public"] and call("GET", path, "viewer")["id"] == one


def test_who_may_not_share_is_told_why(served: Served, call: Call, ask: Ask, member: Context) -> None:
    one = reports.create(member, "Plans").id
    path = f"{ROOT}/{one}"
    other = served.house.context(workspaces.create(served.house.app, name="Neighbours", now=NOW))
    users.add(other, username="away", email="away@else.org", role="member")

    assert call("PUT", f"{path}/members/member", "viewer", 403, json={})["code"] == "FORBIDDEN"
    assert "Did you mean 'viewer'" in call("PUT", f"{path}/members/viewr", "member", 404, json={})["detail"]
    assert "'role'" in call("PUT", f"{path}/members/viewer", "member", 400, json={"role": "owner"})["detail"]
    said = call("PUT", f"{path}/members/viewer", "member", 400, json={"role": "editor"})
    assert "which may not change reports" in said["detail"]
    assert call("PUT", f"{path}/members/member", "member", 409, json={})["code"] == "CONFLICT"
    for nobody in ("nobody", "away", "away@else.org"):
        for method in ("PUT", "DELETE"):
            said = call(method, f"{path}/members/{nobody}", "member", 404, json={})
            assert said["detail"].startswith(f"'{nobody}' is no member of 'Acme'.")
    assert call("POST", f"{path}/transfer", "member", 400, json={})["code"] == "BAD_INPUT"
    assert call("POST", f"{path}/transfer", "member", 400, json={"username": "viewer"})["code"] == "BAD_INPUT"
    code, _ = refusal(
        ask(f'mutation {{ transferReport(ORG, reportId: "{one}", username: "member") {{ id }} }}', "viewer")
    )
    assert code == "FORBIDDEN"


def test_a_version_is_read_compared_and_brought_back(call: Call, ask: Ask, member: Context) -> None:
    one = reports.create(member, "Weekly", {"metrics": ["commits_count"]}).id
    reports.update(member, one, parameters={"metrics": ["prs_merged"]})
    reports.update(member, one, description="Of the week")
    path = f"{ROOT}/{one}/versions"

    first = call("GET", path, "viewer", params={"limit": 2})
    rest = call("GET", path, "viewer", params={"cursor": first["next_cursor"]})
    assert [v["number"] for v in (*first["items"], *rest["items"])] == [3, 2, 1]
    assert (first["total"], rest["next_cursor"], first["items"][0]["is_current"]) == (3, None, True)
    assert first["items"][0]["saved_by"] == "member"
    old = call("GET", f"{path}/1", "viewer")
    assert (old["number"], old["parameters"]["metrics"], old["report_plan"]) == (1, ["commits_count"], None)
    assert "version: 1" in old["text"] and "commits_count" in old["text"]
    changed = call("GET", f"{path}/1/difference", "viewer")
    assert (changed["before"], changed["after"]) == (1, 3)
    lines = [line for line in changed["text"].splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert lines == ["+description: Of the week", "-    - commits_count", "+    - prs_merged"]
    part = call("GET", f"{path}/2/difference", "viewer", params={"to": 3})
    assert [line for line in part["text"].splitlines()[3:] if line[:1] in "+-"] == ["+description: Of the week"]

    assert call("POST", f"{path}/1/restore", "viewer", 403)["code"] == "FORBIDDEN"
    assert call("POST", f"{path}/1/restore", "manager", 403)["code"] == "FORBIDDEN"
    back = call("POST", f"{path}/1/restore", "member")
    assert (back["parameters"]["metrics"], back["description"]) == (["commits_count"], "")
    assert call("GET", path, "viewer")["items"][0] | {"saved_at": ""} == {
        "number": 4, "saved_at": "", "saved_by": "Token 'program'", "restored_from": 1, "name": "Weekly",
        "is_current": True,
    }  # fmt: skip
    asked = f'{{ reportVersions(ORG, reportId: "{one}", limit: 1)'
    asked += " { total nextCursor items { number restoredFrom } } }"
    assert done(ask(asked)) == {"total": 4, "nextCursor": "4", "items": [{"number": 4, "restoredFrom": 1}]}
    asked = f'{{ reportVersion(ORG, reportId: "{one}", number: 2) {{ number parameters reportPlan }} }}'
    told = done(ask(asked))
    assert (told["number"], told["parameters"]["dateRange"], told["reportPlan"]) == (2, "last_30_days", None)
    asked = f'{{ reportDifference(ORG, reportId: "{one}", before: 1) {{ before after text }} }}'
    assert done(ask(asked)) == {"before": 1, "after": 4, "text": ""}
    restored = f'mutation {{ restoreReportVersion(ORG, reportId: "{one}", number: 3) {{ description }} }}'
    assert done(ask(restored, "member")) == {"description": "Of the week"}
    for wrong in ("9", "0", "-1", "x", "9" * 30, "²"):
        assert call("GET", f"{path}/{wrong}", "viewer", 404)["code"] == "NOT_FOUND", wrong
    assert call("GET", path, "viewer", 400, params={"cursor": "nonsense"})["code"] == "BAD_INPUT"
    assert len(versions.versions(member, one)) == 5


def test_what_is_archived_or_deleted_is_found_and_comes_back(call: Call, ask: Ask, member: Context) -> None:
    one, other = reports.create(member, "Shelved one").id, reports.create(member, "Shelved other").id

    gone = call("POST", f"{ROOT}/{one}/archive", "member")
    assert gone["is_active"] is False and gone["archived_at"] and gone["paused_reason"]
    call("DELETE", f"{ROOT}/{other}", "member", 204)

    def shelf(name: str) -> list[str]:
        found = call("GET", ROOT, "member", params={"filter": name, "search": "Shelved"})["items"]
        return [item["id"] for item in found]

    assert (shelf(""), shelf("archived"), shelf("deleted"), shelf("mine")) == ([], [one], [other], [])
    asked = '{ savedReports(ORG, filter: DELETED, search: "Shelved") { items { id deletedAt } } }'
    (item,) = done(ask(asked, "member"))["items"]
    assert item["id"] == other and item["deletedAt"]
    assert call("POST", f"{ROOT}/{one}/runs", "member", 409)["code"] == "CONFLICT"
    assert call("POST", f"{ROOT}/{one}/unarchive", "manager", 403)["code"] == "FORBIDDEN"
    assert call("POST", f"{ROOT}/{one}/unarchive", "member")["is_active"] is True
    again = f'mutation {{ archiveReport(ORG, reportId: "{one}") {{ archivedAt isActive }} }}'
    assert done(ask(again, "member"))["isActive"] is False
    back = f'mutation {{ unarchiveReport(ORG, reportId: "{one}") {{ archivedAt isActive }} }}'
    assert done(ask(back, "member")) == {"archivedAt": None, "isActive": True}
    assert call("POST", f"{ROOT}/{other}/restore", "member")["deleted_at"] is None
    assert set(shelf("mine")) == {one, other}


def test_a_token_that_reads_neither_shares_nor_goes_back(served: Served, call: Call, member: Context) -> None:
    one = reports.create(member, "Read only").id
    reads = tokens.make(member, "reads of a member", ["reports:read"])

    assert call("GET", f"{ROOT}/{one}/members", token=reads)["total"] == 0
    for method, path in (
        ("PUT", "members/viewer"), ("DELETE", "members/viewer"), ("POST", "versions/1/restore"), ("POST", "archive"),
    ):  # fmt: skip
        said = call(method, f"{ROOT}/{one}/{path}", token=reads, status=403, json={})
        assert "Token 'reads of a member'" in said["detail"], path
