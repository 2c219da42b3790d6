"""What GitLab tells, read over real HTTP and kept field by field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.access import workspaces
from core.base.errors import NotFound, SourceUnreachable
from core.bootstrap import House
from core.connections import service as connections
from core.context import Context
from core.ingestion import providers, service
from core.ingestion.views import SourceView
from tests.conftest import NOW
from tests.ingestion.killed import killed_midway
from tests.ingestion.provided import account, everything, follow, people, rows
from tests.servers import github_replies as faulty
from tests.servers import gitlab_replies as data
from tests.servers.gitlab_replies import TOKEN, GitLabReplies, gitlab, told

BEGIN, HOUR, MINUTE = data.BEGIN, timedelta(hours=1), timedelta(minutes=1)
AT = BEGIN + timedelta(days=100)
CALM: dict[str, Any] = {}
"""The tables of acme/api when nothing went wrong, read once."""
KEPT = ("workflow_runs", "deployments", "issues", "releases", "tags")


def stamp(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=None) if text else None


def acme() -> dict[str, object]:
    """A project with something of everything."""
    asked = "@ben, @cleo, and @dan.k"
    odd = [
        # A draft until it was made ready; approved, taken back, approved by another without a note of its own.
        data.merge_request(
            901,
            "ada",
            AT,
            AT + 50 * HOUR,
            notes=[
                told(1, "ada", AT + HOUR, "marked this merge request as **ready**"),
                told(2, "ben", AT + 2 * HOUR, "approved this merge request"),
                told(3, "ben", AT + 3 * HOUR, "unapproved this merge request"),
                told(4, "cleo", AT + 4 * HOUR, "requested changes"),
                told(5, "ada", AT + 5 * HOUR, f"requested review from {asked} and removed review request for @eve"),
                told(6, "ada", AT + 6 * HOUR, "removed review request for @ben and @dan.k"),
                told(7, "ada", AT + 7 * HOUR, "requested review from @ben"),
            ],
            approved_by=[{"user": data.user("dan")}],
        ),
        data.merge_request(902, "ben", AT, draft=True),
        data.merge_request(
            903, "ghost", AT, closed=AT + HOUR, notes=[data.note(9, "project_7_bot_ab12", AT, "Built.")]
        ),
    ]
    place = {"name": "eu", "tier": "production", "external_url": "https://acme.example"}
    return data.project(
        issues=[
            {
                "iid": n,
                "title": f"Trouble {n}",
                "state": "opened" if n % 2 else "closed",
                "created_at": data.text(BEGIN),
                "updated_at": data.text(BEGIN),
                "closed_at": None if n % 2 else data.text(BEGIN + HOUR),
                "labels": ["type::bug"] if n == 1 else [],
                "author": data.user("ada"),
                "assignees": [data.user("ben")],
                "web_url": f"https://gitlab.com/acme/api/-/issues/{n}",
                "issue_type": "issue",
            }
            for n in range(1, 6)
        ],
        milestones=[
            {
                "id": 501,
                "iid": 1,
                "title": "Plan",
                "state": "active",
                "due_date": "2025-02-01",
                "created_at": data.text(BEGIN),
                "updated_at": data.text(AT),
                "web_url": "https://x/-/milestones/1",
            },
            {
                "id": 77,
                "iid": 1,
                "title": "The group's",
                "state": "closed",
                "due_date": None,
                "created_at": data.text(BEGIN),
                "updated_at": data.text(AT),
            },
        ],
        releases=[
            {
                "tag_name": "v1",
                "name": "One",
                "created_at": data.text(BEGIN),
                "released_at": data.text(AT),
                "author": data.user("ada"),
                "commit": {"id": data.sha("v1")},
                "_links": {"self": "https://x/v1"},
            }
        ],
        deployments=[
            {
                "id": n,
                "ref": "main",
                "sha": data.sha(f"d{n}"),
                "status": status,
                "created_at": data.text(BEGIN + n * HOUR),
                "updated_at": data.text(BEGIN + n * HOUR + 9 * MINUTE),
                "user": data.user("ada"),
                "environment": place,
                "deployable": {
                    "started_at": data.text(BEGIN + n * HOUR + MINUTE),
                    "finished_at": data.text(BEGIN + n * HOUR + 8 * MINUTE),
                },
            }
            for n, status in enumerate(("success", "failed", "canceled", "success"), 1)
        ],
        pipelines=[
            {
                "id": n,
                "ref": "main",
                "sha": data.sha(f"p{n}"),
                "status": ("success", "failed", "running")[n % 3],
                "source": "push",
                "created_at": data.text(BEGIN + n * HOUR),
                "updated_at": data.text(BEGIN + n * HOUR + HOUR),
                "web_url": f"https://gitlab.com/acme/api/-/pipelines/{n}",
            }
            for n in range(30)
        ],
    ) | {
        "merge_requests": [*(data.ordinary(iid) for iid in range(1, 31)), *odd],
        "repository/tags": [
            {
                "name": "v1",
                "commit": {
                    "id": data.sha("v1"),
                    "committed_date": data.text(AT),
                    "author_email": "ada@example.org",
                    "author_name": "Ada",
                },
            }
        ],
    }


@pytest.fixture
def lab() -> Iterator[GitLabReplies]:
    with gitlab(acme()) as server:
        yield server


@pytest.fixture
def source(ctx: Context, lab: GitLabReplies) -> SourceView:
    """acme/api, not read yet."""
    return follow(ctx, account(ctx, lab.url, TOKEN, kind="gitlab"), "acme/api")[0]


def test_trying_an_account_tells_who_it_is_and_what_it_may(ctx: Context, lab: GitLabReplies) -> None:
    made = account(ctx, lab.url, TOKEN, kind="gitlab")

    assert connections.check(ctx, made) == (
        "Signed in as 'ada' (scopes: read_api, until 2027-01-01). Left this minute: 1,990 of 2,000 questions."
    )


def test_merge_requests_equal_the_replies_field_by_field(ctx: Context, lab: GitLabReplies, source: SourceView) -> None:
    service.sync(ctx, source.id)

    said = {one["iid"]: one for one in lab.projects["acme/api"]["merge_requests"]}
    found, who = {row["number"]: row for row in rows(ctx, source.repo_id, "pull_requests")}, people(ctx)
    assert found.keys() == said.keys() and len(found) == 33
    for iid, one in said.items():
        row = found[iid]
        assert (row["title"], row["url"], row["labels"]) == (one["title"], one["web_url"], one["labels"])
        assert row["state"] == {"opened": "open"}.get(one["state"], one["state"])
        assert (row["opened_at"], row["merged_at"]) == (stamp(one["created_at"]), stamp(one["merged_at"]))
        assert row["closed_at"] == stamp(one["closed_at"] or one["merged_at"])
        assert (row["additions"], row["deletions"], row["files"]) == tuple(one["size"].values())
        assert (row["base_branch"], row["head_branch"]) == ("main", one["source_branch"])
        assert row["merge_sha"] == (one["merge_commit_sha"] or "")
        assert row["first_commit_at"] == stamp(one["commits"][0]["authored_date"])
        assert who[row["author_id"]][0] == one["author"]["username"]
        assert (row["source"], row["approximate"]) == ("gitlab", 0)
    assert (found[901]["ready_at"], found[902]["ready_at"]) == ((AT + HOUR).replace(tzinfo=None), None)
    assert found[5]["ready_at"] == found[5]["opened_at"]
    assert [is_bot for word, _, is_bot in who.values() if word == "project_7_bot_ab12"] == [True]


def test_an_approval_with_a_note_wins_over_one_without_and_one_taken_back_is_dismissed(
    ctx: Context, source: SourceView
) -> None:
    service.sync(ctx, source.id)

    at, who = AT.replace(tzinfo=None), people(ctx)
    told_ = [
        (who[row["reviewer_id"]][0], row["state"], row["submitted_at"], row["approximate"])
        for row in rows(ctx, source.repo_id, "reviews", "submitted_at")
        if row["pr_number"] == 901
    ]
    assert told_ == [
        ("ben", "dismissed", at + 2 * HOUR, 0),
        ("cleo", "changes_requested", at + 4 * HOUR, 0),
        ("dan", "approved", at + 50 * HOUR, 1),
    ]
    begin = BEGIN.replace(tzinfo=None) + 15 * HOUR
    ordinary = [row for row in rows(ctx, source.repo_id, "reviews", "submitted_at") if row["pr_number"] == 5]
    assert [(row["state"], row["submitted_at"], row["comments"]) for row in ordinary] == [
        ("commented", begin + 4 * HOUR, 2),
        ("approved", begin + 5 * HOUR, 0),
    ]
    asked = [
        (who[row["reviewer_id"]][0], row["requested_at"] - at, row["withdrawn_at"])
        for row in rows(ctx, source.repo_id, "review_requests")
        if row["pr_number"] == 901
    ]
    assert sorted(asked, key=str) == [
        ("ben", 5 * HOUR, at + 6 * HOUR), ("ben", 7 * HOUR, None), ("cleo", 5 * HOUR, None),
        ("dan.k", 5 * HOUR, at + 6 * HOUR),
    ]  # fmt: skip
    comments = [row for row in rows(ctx, source.repo_id, "review_comments") if row["pr_number"] == 5]
    assert [row["path"] for row in comments] == ["app/main.py"] * 2


def test_deployments_pipelines_issues_releases_and_tags_equal_the_replies(ctx: Context, source: SourceView) -> None:
    service.sync(ctx, source.id)

    begin = BEGIN.replace(tzinfo=None)
    assert [
        (
            row["deployment_key"],
            row["status"],
            row["is_production"],
            row["finished_at"],
            row["failed"],
            row["restored_at"],
        )
        for row in rows(ctx, source.repo_id, "deployments", "deployment_key")
    ] == [
        ("1", "success", 1, begin + HOUR + 8 * MINUTE, 0, None),
        ("2", "failure", 1, begin + 2 * HOUR + 8 * MINUTE, 1, begin + 4 * HOUR + 8 * MINUTE),
        ("3", "cancelled", 1, begin + 3 * HOUR + 8 * MINUTE, 0, None),
        ("4", "success", 1, begin + 4 * HOUR + 8 * MINUTE, 0, None),
    ]
    runs = rows(ctx, source.repo_id, "workflow_runs", "toUInt64(run_key)")
    assert [(row["status"], row["conclusion"]) for row in runs[:3]] == [
        ("completed", "success"),
        ("completed", "failure"),
        ("running", ""),
    ]
    issues = rows(ctx, source.repo_id, "issues", "number")
    assert [(row["number"], row["kind"], row["state"]) for row in issues[:2]] == [
        (1, "bug", "open"),
        (2, "task", "closed"),
    ]
    assert [
        (row["number"], row["title"], row["state"], row["due_at"], row["closed_at"])
        for row in rows(ctx, source.repo_id, "milestones", "number")
    ] == [
        (77, "The group's", "closed", None, AT.replace(tzinfo=None)),
        (501, "Plan", "open", datetime(2025, 2, 1, tzinfo=UTC).replace(tzinfo=None), None),
    ]
    planned = [row["number"] for row in rows(ctx, source.repo_id, "pull_requests") if row["milestone"] == 501]
    assert sorted(planned) == [5, 10, 15, 20, 25, 30]
    assert rows(ctx, source.repo_id, "releases")[0]["published_at"] == AT.replace(tzinfo=None)
    assert rows(ctx, source.repo_id, "tags")[0]["sha"] == data.sha("v1")


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"faults": dict.fromkeys(range(2, 60, 7), faulty.busy(429))}, id="too many questions"),
        pytest.param({"faults": dict.fromkeys((1, 4, 6, 15), faulty.broken(502))}, id="bad gateway"),
        pytest.param({"faults": dict.fromkeys((2, 6, 21), faulty.truncated)}, id="replies that break off"),
        pytest.param({"faults": dict.fromkeys((3, 9, 30), faulty.hung_up)}, id="lines that are cut"),
        pytest.param({"jumbled": True, "most": 7}, id="short pages in disorder and twice"),
    ],
)
def test_whatever_goes_wrong_on_the_way_the_tables_are_the_same_at_the_end(
    house: House, ctx: Context, source: SourceView, lab: GitLabReplies, trouble: dict[str, Any]
) -> None:
    if not CALM:
        service.sync(ctx, source.id)
        CALM.update(everything(ctx, source.repo_id))

    for name, value in trouble.items():
        setattr(lab, name, value)
    other = house.context(workspaces.create(house.app, name="Rough", now=NOW))
    rough = follow(other, account(other, lab.url, TOKEN, kind="gitlab"), "acme/api")[0]
    lab.count = 0
    service.sync(other, rough.id)

    assert everything(other, rough.repo_id) == CALM


def test_a_reading_that_was_killed_is_gone_on_with(house: House, ctx: Context, lab: GitLabReplies) -> None:
    calm = follow(ctx, account(ctx, lab.url, TOKEN, kind="gitlab"), "acme/api")[0]
    service.sync(ctx, calm.id)
    other = house.context(workspaces.create(house.app, name="Killed", now=NOW))
    source = follow(other, account(other, lab.url, TOKEN, kind="gitlab"), "acme/api")[0]
    killed_midway(house, other, source.id, batch=10, times=2)
    half = len(rows(other, source.repo_id, "pull_requests"))

    service.sync(other, source.id)

    assert half == 20
    assert everything(other, source.repo_id) == everything(ctx, calm.repo_id)
    assert sorted(run.status for run in service.runs(other)) == ["failed", "success"]


def test_a_page_that_fails_does_not_move_the_watermark(
    ctx: Context, source: SourceView, lab: GitLabReplies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.ingestion.sources.web.TRIES", 2)
    lab.faults = dict.fromkeys(range(9, 1000), faulty.broken(500))
    with pytest.raises(SourceUnreachable, match="answered 500"):
        service.sync(ctx, source.id)
    failed = service.source(ctx, source.id)

    lab.faults, lab.count = {}, 0
    service.sync(ctx, source.id)

    assert (failed.status, failed.complete_until) == ("failed", None)
    assert service.source(ctx, source.id).complete_until == NOW
    assert len(rows(ctx, source.repo_id, "pull_requests")) == 33


def test_reading_twice_changes_nothing_and_asks_little(ctx: Context, source: SourceView, lab: GitLabReplies) -> None:
    service.sync(ctx, source.id)
    before, asked = everything(ctx, source.repo_id), len(lab.asked)
    again = service.sync(ctx, source.id)
    quiet = [one.path for one in lab.asked[asked:]]
    one = lab.projects["acme/api"]["merge_requests"][4]
    one["notes"].append(data.note(5555, "eve", NOW - HOUR, "Late thought"))
    one["updated_at"] = data.text(NOW + HOUR)
    lab.projects["acme/api"]["merge_requests"][5]["title"] = "Changed without a word"
    third = service.sync(ctx, source.id)

    assert again.counts == {} and everything(ctx, source.repo_id)["issues"] == before["issues"]
    assert not any("/5/notes" in path for path in quiet) and any("/7/notes" in path for path in quiet)
    assert third.counts == {"review_comments": 1}


def test_what_the_token_may_not_see_is_told_and_a_project_that_is_gone_is_named(
    ctx: Context, source: SourceView, lab: GitLabReplies
) -> None:
    lab.forbidden = {"deployments"}
    assert [note.split(":")[0] for note in service.sync(ctx, source.id).notes] == [
        "The deployments of 'acme/api' are not read"
    ]

    connection = connections.connection(ctx, "hub").id
    with pytest.raises(NotFound, match="'acme/nothing' is not at 127"):
        providers.add(ctx, connection, ["acme/nothing"])
    lab.projects["acme/group/web"] = data.project("acme/group/web")
    assert [one.path for one in providers.preview(ctx, connection, ["acme/*"])] == ["acme/api", "acme/group/web"]
    with pytest.raises(NotFound, match="no group or user 'nobody'"):
        providers.preview(ctx, connection, ["nobody/*"])
