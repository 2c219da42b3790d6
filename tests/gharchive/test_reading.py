"""Events of GH Archive become facts: shapes of all years, in any order, the same twice as once."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from core.base.errors import BadInput, NotAllowed, NotFound, SourceUnreachable
from core.bootstrap import House
from core.catalogue.models import Feed, Repository
from core.context import Context
from core.entrypoints.cli import assembled, out
from core.ingestion import service as sources
from core.ingestion.records import service as records
from core.ingestion.sources.gharchive import files, reading
from core.ingestion.sources.gharchive.reading import Archived
from core.ingestion.writing import FactWriter
from core.people.models import Identity, Person
from tests.gharchive.shapes import DAY, event, moment, pull, push, small, user, write
from tests.ingestion import clones

FACTS = reading.TABLES


@pytest.fixture
def clone(tmp_path: Path) -> clones.Clone:
    return clones.new(tmp_path / "clone")


def read(ctx: Context, *paths: Path, match: str = "acme/*") -> Archived:
    return reading.read(ctx, list(paths), match.split(","), commits=True)


def rows(ctx: Context, table: str) -> list[dict[str, Any]]:
    found = ctx.metrics.rows(
        f"SELECT * FROM {table} FINAL WHERE workspace_id = {{w:String}} ORDER BY ALL", {"w": ctx.workspace.id}
    )
    return [{name: value for name, value in row.items() if name not in ("version", "ingested_at", "source",
                                                                        "workspace_id")} for row in found]  # fmt: skip


def tables(ctx: Context) -> dict[str, list[dict[str, Any]]]:
    return {table: rows(ctx, table) for table in FACTS}


def at(hours: float) -> datetime:
    return (DAY + timedelta(hours=hours)).replace(tzinfo=None)


WHOLE = [
    push(0, ("1" * 40, "Add a door"), ("2" * 40, "Paint it")),
    event("PullRequestEvent", 1, action="opened", number=7, pull_request=pull(7)),
    event("PullRequestReviewEvent", 2, actor="bob", action="created", pull_request=pull(7),
          review={"id": 51, "user": user("bob"), "body": "Well done", "state": "approved", "submitted_at": moment(2)}),
    event("PullRequestReviewCommentEvent", 2.5, actor="bob", action="created", pull_request=pull(7),
          comment={"id": 61, "user": user("bob"), "body": "Why?", "path": "a.py", "created_at": moment(2.5),
                   "pull_request_review_id": 51}),
    event("IssueCommentEvent", 2.7, actor="eve", action="created", issue={"number": 7, "pull_request": {"url": "…"}},
          comment={"id": 71, "user": user("eve"), "body": "Nice", "created_at": moment(2.7)}),
    event("PullRequestEvent", 3, actor="bob", action="closed", number=7,
          pull_request=pull(7, title="Change seven", state="closed", merged=True, merged_at=moment(3),
                            closed_at=moment(3), merged_by=user("bob"), additions=31)),
    event("IssuesEvent", 4, action="opened", issue={"number": 9, "title": "Broken", "user": user("eve"),
          "state": "open", "labels": [{"name": "bug"}], "assignees": [user("ann")], "created_at": moment(4),
          "closed_at": None}),
    event("IssuesEvent", 5, action="closed", issue={"number": 9, "title": "Broken", "user": user("eve"),
          "state": "closed", "labels": [{"name": "bug"}], "created_at": moment(4), "closed_at": moment(5)}),
    event("ReleaseEvent", 5, action="published", release={"id": 81, "tag_name": "v1", "name": "One", "draft": False,
          "prerelease": False, "created_at": moment(4.9), "published_at": moment(5), "author": user("ann")}),
    event("WatchEvent", 5, action="started"),
]  # fmt: skip


def test_a_whole_shape_says_all_of_it(ctx: Context, tmp_path: Path) -> None:
    found = read(ctx, *write(tmp_path, WHOLE))

    assert (found.files, found.events, found.taken, found.repositories) == (6, 10, 9, 1)
    (row,) = rows(ctx, "pull_requests")
    assert (row["number"], row["title"], row["state"], row["additions"]) == (7, "Change seven", "merged", 31)
    assert (row["opened_at"], row["merged_at"], row["closed_at"]) == (at(1), at(3), at(3))
    assert (row["labels"], row["commits"], row["files"], row["base_branch"]) == (["feature"], 2, 3, "main")
    assert row["approximate"] == 0
    (review,) = rows(ctx, "reviews")
    assert (review["pr_number"], review["review_key"], review["state"]) == (7, "51", "approved")
    assert (review["submitted_at"], review["body_length"]) == (at(2), 9)
    assert [(one["comment_key"], one["path"]) for one in rows(ctx, "review_comments")] == [
        ("61", "a.py"),
        ("issue-71", ""),
    ]
    assert [one["subject"] for one in rows(ctx, "commits")] == ["Add a door", "Paint it"]
    (issue,) = rows(ctx, "issues")
    assert (issue["state"], issue["opened_at"], issue["closed_at"]) == ("closed", at(4), at(5))
    assert len(issue["assignee_ids"]) == 1 and issue["labels"] == ["bug"]
    assert [one["tag"] for one in rows(ctx, "releases")] == ["v1"]


def test_who_is_who_is_registered_and_bots_are_known(ctx: Context, tmp_path: Path) -> None:
    robot = pull(8, user=user("mender", "Bot"))
    read(ctx, *write(tmp_path, [*WHOLE, event("PullRequestEvent", 1, actor="mender", action="opened", number=8,
                                              pull_request=robot)]))  # fmt: skip

    with ctx.app.reading() as session:
        known = {row.login or row.email: row for row in session.scalars(sa.select(Identity))}
        bots = set(session.scalars(sa.select(Person.id).where(Person.is_bot)))
    assert set(known) == {"ann", "bob", "eve", "mender", "5f2a9c@acme.example"}
    assert bots == {known["mender"].person_id}
    assert rows(ctx, "pull_requests")[0]["author_id"] == known["ann"].id


def test_the_small_shape_says_what_it_can_and_is_told_as_approximate(ctx: Context, tmp_path: Path) -> None:
    read(ctx, *write(tmp_path, [
        event("PullRequestEvent", 1, action="opened", number=7, pull_request=small(7)),
        event("PullRequestEvent", 3, actor="bob", action="merged", number=7, pull_request=small(7)),
        event("PullRequestEvent", 1, action="opened", number=8, pull_request=small(8)),
        event("PullRequestEvent", 2, action="closed", number=8, pull_request=small(8)),
        event("PushEvent", 1, repository_id=7, push_id=5, ref="refs/heads/main", head="d" * 40, before="e" * 40),
        event("PullRequestReviewEvent", 2, actor="bob", action="created", pull_request=small(7),
              review={"id": 51, "user": user("bob"), "body": None, "state": "APPROVED", "submitted_at": moment(2)}),
    ]))  # fmt: skip

    merged, closed = rows(ctx, "pull_requests")
    assert (merged["state"], merged["opened_at"], merged["merged_at"]) == ("merged", at(1), at(3))
    assert merged["author_id"] and merged["merged_by_id"] and merged["author_id"] != merged["merged_by_id"]
    assert (closed["state"], closed["closed_at"], closed["merged_at"]) == ("closed", at(2), None)
    assert (merged["approximate"], merged["base_branch"]) == (1, "main")
    assert [row["state"] for row in rows(ctx, "reviews")] == ["approved"] and rows(ctx, "commits") == []


def test_what_a_whole_event_told_is_not_lost_by_a_small_one(ctx: Context, tmp_path: Path) -> None:
    read(ctx, *write(tmp_path, [
        event("PullRequestEvent", 1, action="opened", number=7, pull_request=pull(7)),
        event("PullRequestEvent", 3, actor="bob", action="merged", number=7, pull_request=small(7)),
    ]))  # fmt: skip

    (row,) = rows(ctx, "pull_requests")
    assert (row["title"], row["additions"], row["state"], row["approximate"]) == ("Change 7", 30, "merged", 0)


def test_the_same_files_again_change_nothing(ctx: Context, tmp_path: Path) -> None:
    paths = write(tmp_path, WHOLE)
    first = read(ctx, *paths)
    before = tables(ctx)

    again = read(ctx, tmp_path)

    assert first.written.changed and not again.written.changed
    assert tables(ctx) == before and len(records.uploads(ctx)) == 1


def test_hours_come_to_the_same_in_any_order(house: House, ctx: Context, tmp_path: Path) -> None:
    from core.access import workspaces
    from tests.conftest import NOW

    reopened = event("PullRequestEvent", 6, action="reopened", number=7, pull_request=pull(7, title="Once more"))
    paths = write(tmp_path, [*WHOLE, reopened])
    other = house.context(workspaces.create(house.app, name="Other", now=NOW))

    read(ctx, *paths)
    for path in reversed(paths):
        read(other, path)

    for table in FACTS:
        mine, theirs = ([{n: v for n, v in row.items() if n != "repo_id"} for row in rows(one, table)]
                        for one in (ctx, other))  # fmt: skip
        assert mine == theirs, table
    (row,) = rows(ctx, "pull_requests")
    assert (row["title"], row["state"], row["closed_at"]) == ("Once more", "open", None)


@pytest.mark.parametrize(
    ("match", "taken"),
    [("acme/app", ["acme/app"]), ("acme", ["acme/app", "acme/web"]), ("ACME/*,-acme/web", ["acme/app"]),
     ("*", ["acme/app", "acme/web", "zeta/app"]), ("*/app", ["acme/app", "zeta/app"])],
)  # fmt: skip
def test_only_repositories_that_are_wanted_are_taken(
    ctx: Context, tmp_path: Path, match: str, taken: list[str]
) -> None:
    opened = [event("PullRequestEvent", 1, repo, action="opened", number=7, pull_request=pull(7))
              for repo in ("acme/app", "acme/web", "zeta/app")]  # fmt: skip

    read(ctx, *write(tmp_path, opened), match=match)

    with ctx.app.reading() as session:
        assert sorted(session.scalars(sa.select(Repository.name))) == taken


def test_a_clone_of_the_same_repository_is_joined_and_its_commits_stay(
    ctx: Context, clone: clones.Clone, tmp_path: Path
) -> None:
    sha = clone.commit("As git tells it (#7)", {"a.py": "1\n"})
    clone.git("remote", "add", "origin", "https://github.com/acme/app.git")
    source = sources.add_git(ctx, clone.path)
    sources.sync(ctx, source.id)

    read(ctx, *write(tmp_path / "archive", [*WHOLE, push(0, (sha, "As the archive tells it"))]))

    assert {row["repo_id"] for row in rows(ctx, "pull_requests")} == {source.repo_id}
    assert [row["title"] for row in rows(ctx, "pull_requests")] == ["Change seven"]
    told = {row["sha"]: row["subject"] for row in rows(ctx, "commits")}
    assert told[sha] == "As git tells it (#7)" and len(told) == 3


def test_what_a_provider_tells_exactly_stays(ctx: Context, tmp_path: Path) -> None:
    paths = write(tmp_path, WHOLE)
    with ctx.app.session() as session:
        session.add(Repository(id="r1", workspace_id=ctx.workspace.id, name="acme/app", created_at=ctx.clock()))
    with FactWriter(ctx, "r1", "github", 1) as writer:
        writer.add("pull_requests", {"number": 7, "title": "From GitHub itself", "opened_at": DAY})

    read(ctx, *paths)

    assert [row["title"] for row in rows(ctx, "pull_requests")] == ["From GitHub itself"]


def test_the_watermark_ends_before_the_first_missing_hour(ctx: Context, tmp_path: Path) -> None:
    paths = write(tmp_path, WHOLE)  # hours 0 to 5
    (tmp_path / "2024-01-08-3.json.gz").unlink()

    found = read(ctx, *(path for path in paths if path.exists()))

    assert found.complete_until == datetime(2024, 1, 8, 3, tzinfo=UTC)
    assert "missing between the first file and the last: 1" in found.notes[0]
    with ctx.app.reading() as session:
        assert set(session.scalars(sa.select(Feed.complete_until))) == {found.complete_until}
        assert set(session.scalars(sa.select(Feed.fact))) <= set(FACTS)


def test_odd_lines_are_counted_and_left_out(ctx: Context, tmp_path: Path) -> None:
    (path,) = write(tmp_path, [push(0, ("1" * 40, "Add a door"))])
    with gzip.open(path, "ab") as file:  # a second packed part, as some of the archive's files have
        file.write(
            b'{"type":"PushEvent",\n' + json.dumps(event("PushEvent", 0, commits=[{"no": "sha"}])).encode() + b"\n"
        )

    found = read(ctx, path)

    assert found.events == 3 and len(rows(ctx, "commits")) == 1
    assert found.notes == ("Events that could not be read: 2. They were left out.",)


def test_a_damaged_file_changes_nothing(ctx: Context, tmp_path: Path) -> None:
    paths = write(tmp_path, WHOLE)
    paths[1].write_bytes(paths[1].read_bytes()[:-20])

    with pytest.raises((BadInput, SourceUnreachable), match="not copied whole"):
        read(ctx, *paths)

    assert all(not found for found in tables(ctx).values())


def test_what_was_read_is_taken_back(ctx: Context, tmp_path: Path) -> None:
    read(ctx, *write(tmp_path, WHOLE))

    records.remove(ctx, "GH Archive")

    assert all(not found for found in tables(ctx).values())
    with ctx.app.reading() as session:
        assert session.scalars(sa.select(Repository)).all() == session.scalars(sa.select(Feed)).all() == []


@pytest.mark.parametrize(
    ("paths", "match", "why"),
    [
        (["nowhere"], "*", "no file or folder 'nowhere'"),
        (["."], "*", "no hourly files"),
        (None, " ", "Say which repositories"),
    ],
)
def test_what_cannot_be_read_is_told(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paths: list[str] | None, match: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [Path(path) for path in paths] if paths else write(tmp_path / "archive", WHOLE)

    with pytest.raises((BadInput, NotFound), match=why):
        read(ctx, *given, match=match)


def test_a_viewer_reads_no_archive(acting: Any, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        read(acting("viewer"), tmp_path)


def test_files_are_known_by_their_hour(tmp_path: Path) -> None:
    for name in ("2024-01-08-9.json.gz", "2024-01-08-10.json.gz", "2024-01-08-10.json.gz.part", "notes.json"):
        (tmp_path / name).write_bytes(b"")

    assert [path.name for path in files.found([tmp_path])] == ["2024-01-08-9.json.gz", "2024-01-08-10.json.gz"]


def test_the_command_reads_and_tells(
    house: House, ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, WHOLE)
    monkeypatch.setattr(out, "ready", lambda: house)
    words = ["ingest", "gharchive", str(tmp_path), "--match", "acme/*", "--workspace", ctx.workspace.slug]

    told = json.loads(CliRunner().invoke(assembled(words), [*words, "--json"]).output)["rows"][0]
    again = CliRunner().invoke(assembled(words), words)

    assert (told["events"], told["changed"]["pull_requests"], told["repositories"]) == (10, 1, 1)
    assert "commits" not in told["changed"]  # only --commits takes them
    assert again.exit_code == 0, again.output
