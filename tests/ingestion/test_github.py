"""What GitHub tells, read over real HTTP and kept field by field, whatever goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.access import workspaces
from core.access.models import DataChange
from core.base.errors import BadInput, Conflict, NotFound, SourceUnreachable
from core.bootstrap import House
from core.catalogue.models import Feed
from core.connections import service as connections
from core.context import Context
from core.ingestion import providers, service
from core.ingestion.sources import provider
from core.ingestion.views import SourceView
from tests.conftest import NOW
from tests.ingestion.clones import Clone
from tests.ingestion.killed import killed_midway
from tests.ingestion.provided import account, everything, follow, people, rows
from tests.servers import github_data as data
from tests.servers import github_replies as faulty
from tests.servers.github_replies import TOKEN, GitHubReplies, github

AT = data.BEGIN + timedelta(days=100)
HOUR = timedelta(hours=1)
CALM: dict[str, Any] = {}
"""The tables of acme/api when nothing went wrong, read once."""


@pytest.fixture
def hub() -> Iterator[GitHubReplies]:
    with github(data.acme()) as server:
        yield server


@pytest.fixture
def source(ctx: Context, hub: GitHubReplies) -> SourceView:
    """acme/api, not read yet."""
    return follow(ctx, account(ctx, hub.url, TOKEN), "acme/api")[0]


def changes(ctx: Context) -> int:
    """How often days were said to be old."""
    with ctx.app.reading() as session:
        return session.query(DataChange).filter_by(workspace_id=ctx.workspace.id).count()


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=None) if text else None


def test_pull_requests_equal_the_replies_field_by_field(ctx: Context, hub: GitHubReplies, source: SourceView) -> None:
    service.sync(ctx, source.id)

    told = {one["number"]: one for one in hub.repositories["acme/api"]["pullRequests"]}
    who = people(ctx)
    found = {row["number"]: row for row in rows(ctx, source.repo_id, "pull_requests")}
    assert found.keys() == told.keys() and len(found) == 68
    for number, node in told.items():
        row = found[number]
        assert {name: row[name] for name in ("title", "url", "additions", "deletions")} == {
            name: node[name] for name in ("title", "url", "additions", "deletions")
        }
        assert row["state"] == node["state"].lower()
        assert (row["is_draft"], row["files"]) == (node["isDraft"], node["changedFiles"])
        assert row["opened_at"] == moment(node["createdAt"])
        assert row["merged_at"] == moment(node["mergedAt"])
        assert row["closed_at"] == moment(node["closedAt"])
        assert row["base_branch"] == node["baseRefName"] and row["head_branch"] == node["headRefName"]
        assert row["merge_sha"] == (node["mergeCommit"] or {"oid": ""})["oid"]
        assert row["commits"] == len(node["commits"])
        assert row["first_commit_at"] == min(moment(one["commit"]["authoredDate"]) for one in node["commits"])
        assert row["labels"] == [label["name"] for label in node["labels"]]
        assert (row["source"], row["approximate"]) == ("github", 0)
        login = node["author"]["login"] if node["author"] else "ghost"
        assert who[row["author_id"]][0].removesuffix("[bot]") == login
        merger = node["mergedBy"]["login"] if node["mergedBy"] else "ghost"
        assert (not node["mergedAt"] and not row["merged_by_id"]) or who[row["merged_by_id"]][0] == merger


def test_reviews_comments_and_requests_equal_the_replies_field_by_field(
    ctx: Context, hub: GitHubReplies, source: SourceView
) -> None:
    service.sync(ctx, source.id)

    pulls, who = hub.repositories["acme/api"]["pullRequests"], people(ctx)
    reviews = [(p["number"], r) for p in pulls for r in p["reviews"] if r["submittedAt"]]
    assert [
        (row["pr_number"], row["review_key"], row["state"], row["submitted_at"], row["comments"], row["body_length"],
         who[row["reviewer_id"]][0].removesuffix("[bot]"))
        for row in rows(ctx, source.repo_id, "reviews", "pr_number, toUInt64(review_key)")
    ] == sorted(
        (number, str(one["databaseId"]), one["state"].lower(), moment(one["submittedAt"]), len(one["comments"]),
         len(one["body"]), one["author"]["login"] if one["author"] else "ghost")
        for number, one in reviews
    )  # fmt: skip
    talk = [(p["number"], f"issue-{c['databaseId']}", c, "", "") for p in pulls for c in p["comments"]]
    talk += [
        (n, str(c["databaseId"]), c, c["path"], str(c["replyTo"]["databaseId"]) if c["replyTo"] else "")
        for n, r in reviews
        for c in r["comments"]
    ]
    assert [
        (row["pr_number"], row["comment_key"], row["created_at"], row["path"], row["in_reply_to"], row["body_length"],
         who[row["author_id"]][0])
        for row in rows(ctx, source.repo_id, "review_comments", "pr_number, comment_key")
    ] == sorted(
        (number, key, moment(one["createdAt"]), path, reply, len(one["body"]),
         one["author"]["login"] if one["author"] else "ghost")
        for number, key, one, path, reply in talk
    )  # fmt: skip
    wished = [(p["number"], e) for p in pulls for e in p["timelineItems"] if e["__typename"] == "ReviewRequestedEvent"]
    assert [
        (row["pr_number"], row["requested_at"], who[row["reviewer_id"]][0])
        for row in rows(ctx, source.repo_id, "review_requests", "pr_number, requested_at")
    ] == sorted(
        (n, moment(e["createdAt"]), (e["requestedReviewer"] or {"login": "ghost"})["login"])
        for n, e in wished
        if (e["requestedReviewer"] or {}).get("__typename") != "Team"
    )


def test_what_is_rare_about_pull_requests_comes_out_right(ctx: Context, source: SourceView) -> None:
    service.sync(ctx, source.id)

    at = AT.replace(tzinfo=None)
    ready = {row["number"]: row["ready_at"] for row in rows(ctx, source.repo_id, "pull_requests")}
    assert ready[901] == at + 5 * HOUR  # opened as a draft: the first time that it was made ready
    assert ready[902] == at  # opened ready, a draft since
    assert ready[903] is None  # never ready
    wished = [row for row in rows(ctx, source.repo_id, "review_requests") if row["pr_number"] == 904]
    assert sorted((row["requested_at"], row["withdrawn_at"]) for row in wished) == [
        (at, None), (at + HOUR, at + 2 * HOUR), (at + 3 * HOUR, None),  # taken off, and asked again
    ]  # fmt: skip
    assert ready[904] == at  # never a draft
    who = people(ctx)
    assert {name for _, name, is_bot in who.values() if is_bot} == {"dependabot[bot]", "linter[bot]"}
    assert ("ghost", "Deleted account", False) in who.values()
    pushes = {
        row["sha"]: row["pushed_at"] for row in rows(ctx, source.repo_id, "pr_commits") if row["pr_number"] == 906
    }
    assert pushes == {data.sha("906-0"): at + HOUR, data.sha("906-1"): at + 4 * HOUR}


def test_an_account_and_the_address_in_its_commits_are_one_person(ctx: Context, source: SourceView) -> None:
    service.sync(ctx, source.id)

    names = [name for word, name, _ in people(ctx).values() if word in ("ada", "ada@example.org")]
    assert names == ["Ada", "Ada"]
    assert len({name for _, name, _ in people(ctx).values()}) == 9


def test_deployments_issues_releases_tags_and_runs_equal_the_replies(ctx: Context, source: SourceView) -> None:
    service.sync(ctx, source.id)

    begin, day, minute = data.BEGIN.replace(tzinfo=None), timedelta(days=1), timedelta(minutes=1)
    restored = begin + 3 * day + 6 * minute
    assert [
        (row["deployment_key"], row["status"], row["finished_at"], row["is_production"], row["failed"],
         row["failure_link"], row["restored_at"], row["sha"])
        for row in rows(ctx, source.repo_id, "deployments", "deployment_key")
    ] == [
        ("1", "success", begin + 9 * minute, 1, 0, "", None, data.sha("deployed 1")),
        ("2", "failure", begin + day + 5 * minute, 1, 1, "status", restored, data.sha("deployed 2")),
        ("3", "failure", begin + 2 * day + 4 * minute, 1, 1, "status", restored, data.sha("deployed 3")),
        ("4", "success", begin + 3 * day + 6 * minute, 1, 0, "", None, data.sha("deployed 4")),
        ("5", "in_progress", None, 1, 0, "", None, data.sha("deployed 5")),
        ("6", "success", begin + 5 * day + 3 * minute, 0, 0, "", None, data.sha("deployed 6")),
    ]  # fmt: skip
    issues = rows(ctx, source.repo_id, "issues", "number")
    assert [(row["number"], row["kind"], row["state"]) for row in issues[:3]] == [
        (1001, "task", "closed"), (1002, "bug", "open"), (1003, "feature", "closed"),
    ]  # fmt: skip
    assert len(issues) == 40
    assert [
        (row["number"], row["title"], row["state"], row["due_at"], row["closed_at"])
        for row in rows(ctx, source.repo_id, "milestones", "number")
    ] == [
        (1, "Plan 1", "open", begin + 40 * day, None),
        (2, "Plan 2", "open", None, None),
        (3, "Plan 3", "closed", None, begin + 9 * day),
    ]
    assert {row["number"] for row in issues if row["milestone"] == 2} == set(range(1004, 1041, 4))
    pulls = rows(ctx, source.repo_id, "pull_requests")
    assert {row["number"] for row in pulls if row["milestone"] == 1 and row["number"] < 100} == set(range(5, 61, 5))
    tags = {row["name"]: (row["sha"], row["tagged_at"]) for row in rows(ctx, source.repo_id, "tags")}
    assert tags["v1.1"] == (data.sha("v1.1"), begin + day)
    assert tags["v1.2"] == (data.sha("v1.2"), begin + 2 * day + HOUR)  # annotated: when the tag was made
    assert [row["tag"] for row in rows(ctx, source.repo_id, "releases", "tag")] == [f"v1.{n}" for n in range(6)]
    runs = rows(ctx, source.repo_id, "workflow_runs", "toUInt64(run_key)")
    assert (len(runs), runs[1]["conclusion"], runs[1]["path"]) == (250, "failure", ".github/workflows/deploy.yml")
    assert runs[1]["finished_at"] - runs[1]["started_at"] == 12 * minute


def test_reading_twice_changes_nothing(ctx: Context, source: SourceView) -> None:
    first = service.sync(ctx, source.id)
    before, journal = everything(ctx, source.repo_id), changes(ctx)
    second = service.sync(ctx, source.id)

    assert first.counts["pull_requests"] == 68 and second.counts == {}
    assert everything(ctx, source.repo_id) == before
    assert changes(ctx) == journal


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"faults": dict.fromkeys(range(2, 9, 2), faulty.busy(429))}, id="too many questions"),
        pytest.param({"faults": dict.fromkeys(range(3, 12, 3), faulty.busy(403))}, id="secondary limit"),
        pytest.param({"faults": dict.fromkeys((2, 7), faulty.spent)}, id="the hour is used up"),
        pytest.param({"faults": dict.fromkeys((1, 4, 5), faulty.limited)}, id="a limit told by GraphQL"),
        pytest.param({"faults": dict.fromkeys((1, 3, 6, 10), faulty.broken(502))}, id="bad gateway"),
        pytest.param({"faults": dict.fromkeys((2, 4, 9), faulty.truncated)}, id="replies that break off"),
        pytest.param({"faults": dict.fromkeys((2, 5, 8), faulty.hung_up)}, id="lines that are cut"),
        pytest.param({"faults": dict.fromkeys((2, 3, 4), faulty.too_much)}, id="questions that are too large"),
        pytest.param({"jumbled": True}, id="pages in disorder and twice"),
        pytest.param({"most": 3}, id="short pages"),
        pytest.param({"latency_s": 0.05}, id="slow replies"),
    ],
)
def test_whatever_goes_wrong_on_the_way_the_tables_are_the_same_at_the_end(
    house: House, ctx: Context, source: SourceView, hub: GitHubReplies, trouble: dict[str, Any]
) -> None:
    if not CALM:
        service.sync(ctx, source.id)
        CALM.update(everything(ctx, source.repo_id))

    for name, value in trouble.items():
        setattr(hub, name, value)
    hub.count = 0
    other = house.context(workspaces.create(house.app, name="Rough", now=NOW))
    rough = follow(other, account(other, hub.url, TOKEN), "acme/api")[0]
    hub.count = 0
    service.sync(other, rough.id)

    assert everything(other, rough.repo_id) == CALM


def test_a_page_that_fails_does_not_move_the_watermark_and_the_next_run_goes_on(
    ctx: Context, source: SourceView, hub: GitHubReplies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "BATCH", 25)
    monkeypatch.setattr("core.ingestion.sources.web.TRIES", 2)
    hub.wrong = {"p60:": faulty.broken(500)}
    with pytest.raises(SourceUnreachable, match="answered 500: Server Error"):
        service.sync(ctx, source.id)
    failed = service.source(ctx, source.id)
    half = len(rows(ctx, source.repo_id, "pull_requests"))

    hub.wrong = {}
    asked = len(hub.asked)
    result = service.sync(ctx, source.id)

    assert (failed.status, failed.complete_until) == ("failed", None)
    assert half == 50
    assert result.counts["pull_requests"] == 68
    assert "p1:" not in str([one.body for one in hub.asked[asked:]])
    assert service.source(ctx, source.id).complete_until == NOW


def test_a_reading_that_was_killed_is_gone_on_with(house: House, ctx: Context, hub: GitHubReplies) -> None:
    calm = follow(ctx, account(ctx, hub.url, TOKEN), "acme/api")[0]
    service.sync(ctx, calm.id)
    other = house.context(workspaces.create(house.app, name="Killed", now=NOW))
    source = follow(other, account(other, hub.url, TOKEN), "acme/api")[0]
    killed_midway(house, other, source.id, batch=20, times=3)
    half = len(rows(other, source.repo_id, "pull_requests"))

    result = service.sync(other, source.id)

    assert half == 60
    assert result.counts["pull_requests"] >= 28
    assert everything(other, source.repo_id) == everything(ctx, calm.repo_id)
    assert sorted(run.status for run in service.runs(other)) == ["failed", "success"]


def test_only_what_changed_is_asked_for_again_and_what_may_have_changed_without_a_word(
    ctx: Context, source: SourceView, hub: GitHubReplies
) -> None:
    service.sync(ctx, source.id)
    asked = len(hub.asked)
    repository = hub.repositories["acme/api"]
    pulls = {one["number"]: one for one in repository["pullRequests"]}
    pulls[7]["comments"].append(data.comment(7777, "eve", NOW - HOUR))  # open: nothing else tells of it
    pulls[5]["title"], pulls[5]["updatedAt"] = "Renamed", data.text(NOW + HOUR)
    pulls[907]["comments"].clear()  # long closed, without a word: not looked at again
    repository["runs"].append(data.run(5000, NOW - HOUR))
    result = service.sync(ctx, source.id)

    bodies = " ".join(one.body.decode() for one in hub.asked[asked:])
    assert "p7:" in bodies and "p5:" in bodies and "p8:" not in bodies
    assert result.counts == {"pull_requests": 1, "review_comments": 1, "workflow_runs": 1}


def test_parts_that_are_gone_are_taken_out(ctx: Context, source: SourceView, hub: GitHubReplies) -> None:
    service.sync(ctx, source.id)
    pull = next(one for one in hub.repositories["acme/api"]["pullRequests"] if one["number"] == 7)
    pull["comments"], pull["commits"] = [], [data.commit("7-new", "cleo", NOW - 9 * HOUR)]

    service.sync(ctx, source.id)

    assert [r for r in rows(ctx, source.repo_id, "review_comments") if r["comment_key"] == "issue-7000"] == []
    shas = [row["sha"] for row in rows(ctx, source.repo_id, "pr_commits") if row["pr_number"] == 7]
    assert shas == [data.sha("7-new")]


def test_a_milestone_that_is_gone_is_taken_out(ctx: Context, source: SourceView, hub: GitHubReplies) -> None:
    service.sync(ctx, source.id)
    hub.repositories["acme/api"]["milestones"].pop()

    service.sync(ctx, source.id)

    assert [row["number"] for row in rows(ctx, source.repo_id, "milestones", "number")] == [1, 2]


def test_runs_that_did_not_change_are_told_by_a_tag_alone(ctx: Context, source: SourceView, hub: GitHubReplies) -> None:
    service.sync(ctx, source.id)
    first = len(hub.to("/api/v3/repos/acme/api/actions/runs"))
    service.sync(ctx, source.id)

    again = hub.to("/api/v3/repos/acme/api/actions/runs")[first:]
    assert (first, len(again)) == (3, 1)
    assert again[0].headers["if-none-match"].startswith("W/")


def test_what_the_token_may_not_see_is_told_and_counts_as_not_collected(
    ctx: Context, source: SourceView, hub: GitHubReplies
) -> None:
    hub.forbidden = {"deployments", "runs"}

    result = service.sync(ctx, source.id)

    assert [note.split(" of ")[0] for note in result.notes] == ["The deployments", "The workflow runs"]
    with ctx.app.reading() as session:
        fed = {feed.fact for feed in session.query(Feed).filter_by(repo_id=source.repo_id)}
    assert "pull_requests" in fed and not fed & {"deployments", "workflow_runs"}


def test_a_detail_that_may_not_be_seen_costs_nothing_else(ctx: Context, source: SourceView, hub: GitHubReplies) -> None:
    hub.unseen = True

    result = service.sync(ctx, source.id)

    assert result.counts["pull_requests"] == 68 and result.notes == ()


def test_a_server_that_is_silent_about_many_is_asked_about_few(
    ctx: Context, source: SourceView, hub: GitHubReplies
) -> None:
    hub.most_at_once = 6

    result = service.sync(ctx, source.id)

    assert result.counts["pull_requests"] == 68


def test_trying_an_account_whose_limit_is_used_up_says_when_to_try_again(ctx: Context, hub: GitHubReplies) -> None:
    connection = account(ctx, hub.url, TOKEN)
    hub.routes["/api/v3/user"] = faulty.Reply(faulty.SPENT, 403, {"Retry-After": "90"})

    with pytest.raises(SourceUnreachable, match=r"rate limit is used up\. Try again in 90 s"):
        connections.check(ctx, connection)


def test_the_watermark_is_the_providers_own_clock_at_the_beginning(
    ctx: Context, source: SourceView, hub: GitHubReplies
) -> None:
    hub.date = "Wed, 11 Mar 2026 11:30:00 GMT"

    result = service.sync(ctx, source.id)

    assert result.complete_until == datetime(2026, 3, 11, 11, 30, tzinfo=UTC)


def test_tokens_are_used_in_turn_when_one_is_used_up(ctx: Context, hub: GitHubReplies) -> None:
    hub.tokens = ("one", "two")
    late = lambda reply: faulty.Reply(faulty.SPENT, 403, {"X-RateLimit-Remaining": "0", "Retry-After": "3000"})  # noqa: E731
    source = follow(ctx, account(ctx, hub.url, "one two"), "acme/api")[0]
    hub.count, hub.faults = 0, {1: late}

    service.sync(ctx, source.id)

    used = [one.headers["authorization"] for one in hub.asked if one.path == "/api/graphql"]
    assert used[1:3] == ["Bearer one", "Bearer two"] and set(used[3:]) == {"Bearer two"}


def test_a_wait_for_the_limit_is_shown(ctx: Context, source: SourceView, hub: GitHubReplies) -> None:
    said: list[str] = []
    hub.faults = {2: faulty.busy(429, "1")}

    service.sync(ctx, source.id, lambda share, words: said.append(words))

    assert any("GitHub's rate limit is used up: going on in 1 s" in words for words in said)
    assert "68 of 68 pull requests" in said


def test_a_clone_and_the_provider_fill_one_repository_whoever_comes_first(
    ctx: Context, house: House, clone: Clone, hub: GitHubReplies
) -> None:
    clone.commit(files={"a.py": "1\n"})
    clone.commit("Add b (#1)", {"b.py": "1\n"})
    clone.git("remote", "add", "origin", f"git@{'127.0.0.1'}:acme/api.git")
    hub.repositories["acme/api"]["url"] = f"{hub.url}/acme/api"
    git = service.add_git(ctx, clone.path)
    service.sync(ctx, git.id)
    assert [row["source"] for row in rows(ctx, git.repo_id, "pull_requests")] == ["git"]

    source = follow(ctx, account(ctx, hub.url, TOKEN), "acme/api")[0]
    service.sync(ctx, source.id)

    assert source.repo_id == git.repo_id
    assert {row["source"] for row in rows(ctx, git.repo_id, "pull_requests")} == {"github"}
    service.sync(ctx, git.id)
    assert len(rows(ctx, git.repo_id, "pull_requests")) == 68
    other = house.context(workspaces.create(house.app, name="Other way", now=NOW))
    first = follow(other, account(other, hub.url, TOKEN), "acme/api")[0]
    assert service.add_git(other, clone.path).repo_id == first.repo_id

    service.remove(ctx, source.id)
    service.sync(ctx, git.id)
    assert [row["source"] for row in rows(ctx, git.repo_id, "pull_requests")] == ["git"]
    assert rows(ctx, git.repo_id, "reviews") == [] and rows(ctx, git.repo_id, "deployments") == []


def test_an_organisation_is_followed_by_pattern_and_new_repositories_come_by_themselves(
    ctx: Context, hub: GitHubReplies
) -> None:
    hub.put(*(data.repository(f"acme/{name}") for name in ("web", "old-site", "old-api")))
    hub.put(data.repository("acme/fork", isFork=True))
    connection = account(ctx, hub.url, TOKEN)

    seen = {one.path: one.left_out for one in providers.preview(ctx, connection, ["acme/*"], ["acme/old-*"])}
    found = follow(ctx, connection, "acme/*", without=["acme/old-*"])

    assert {path for path, why in seen.items() if not why} == {"acme/api", "acme/web"}
    assert seen["acme/old-site"] == "left out by acme/old-*" and seen["acme/fork"].startswith("a fork")
    assert [view.name for view in found] == ["acme/api", "acme/web"]
    hub.put(data.repository("acme/new"))
    assert [service.source(ctx, id_).name for id_ in providers.expand(ctx)] == ["acme/new"]
    service.remove(ctx, service.source(ctx, "acme/web").id)
    assert providers.expand(ctx) == []
    with pytest.raises(Conflict, match="Remove them first, on the Sources page"):
        connections.remove(ctx, connection)


def test_repositories_that_are_not_there_are_named(ctx: Context, hub: GitHubReplies) -> None:
    connection = account(ctx, hub.url, TOKEN)

    with pytest.raises(NotFound, match="'acme/nothing' is not at 127"):
        providers.add(ctx, connection, ["acme/nothing"])
    with pytest.raises(NotFound, match="no user or organisation 'nobody'"):
        providers.add(ctx, connection, ["nobody/*"])
    with pytest.raises(BadInput, match="No repository at"):
        providers.add(ctx, connection, ["acme/x*"])
    source = follow(ctx, connection, "acme/api")[0]
    del hub.repositories["acme/api"]
    with pytest.raises(SourceUnreachable, match=r"is not at 127.* any more, or this account may not see it"):
        service.sync(ctx, source.id)
