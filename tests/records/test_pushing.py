"""Records that a team tells itself: checked row by row, the same twice as once, and taken back."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.access.models import DataChange
from core.base.errors import BadInput, NotAllowed, NotFound
from core.catalogue.models import Feed, Repository
from core.context import Context
from core.ingestion.models import Upload
from core.ingestion.records import service, templates
from core.ingestion.records.checking import Refusal, report
from core.ingestion.records.kinds import KINDS
from core.people.models import Identity
from tests.records.conftest import Told, rows

DEPLOYS = """key,environment,started_at,finished_at,status,pull_requests,creator
1,production,2026-01-05T09:00:00Z,2026-01-05T09:05:00Z,success,"17, 18",ada@example.org
2,staging,2026-01-06 10:00,,Failure,,bob
"""


def changes(ctx: Context) -> int:
    with ctx.app.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(DataChange)) or 0


def test_a_file_becomes_facts_and_the_same_file_again_changes_nothing(ctx: Context, told: Told) -> None:
    first = told("deployment", DEPLOYS)
    before, noted = rows(ctx, "deployments"), changes(ctx)

    again = told("deployment", DEPLOYS, source="another")

    assert (first.rows, first.added, first.changed, first.refused) == (2, 2, 0, 0)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert rows(ctx, "deployments") == before and changes(ctx) == noted == 1
    one, two = before
    assert one["pr_numbers"] == [17, 18] and one["is_production"] == 1 and one["creator_id"]
    assert two["status"] == "failure" and two["is_production"] == 0
    assert two["finished_at"] == datetime(2026, 1, 6, 10, 0)  # noqa: DTZ001 - the store tells UTC without a zone


def test_a_deployment_that_ended_as_a_failure_counts_as_one_unless_it_says_otherwise(ctx: Context, told: Told) -> None:
    ended = ("failure,", "failure,no", "success,", "success,yes")
    lines = [f"{number},2026-01-05T09:00:00Z,{how}" for number, how in enumerate(ended, 1)]

    told("deployment", "\n".join(["key,started_at,status,failed", *lines]))

    assert [(row["deployment_key"], row["failed"]) for row in rows(ctx, "deployments")] == [
        ("1", 1), ("2", 0), ("3", 0), ("4", 1),
    ]  # fmt: skip


def test_a_row_replaces_what_its_key_said_before(ctx: Context, told: Told) -> None:
    told("incident", "key,title,opened_at\nI-1,Slow,2026-01-05T09:00:00Z\n")

    again = told("incident", "key,title,opened_at,resolved_at\nI-1,Slow,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z\n")

    (row,) = rows(ctx, "incidents")
    assert (again.added, again.changed) == (0, 1)
    assert row["resolved_at"].hour == 10


def test_rows_that_are_not_well_are_refused_with_their_reason_and_the_others_stand(ctx: Context, told: Told) -> None:
    pushed = told(
        "pull_request",
        "number,opened_at,additions,state,title\n"
        "1,2026-01-05T09:00:00Z,5,open,Fine\n"
        "x,2026-01-05T09:00:00Z,5,open,No number\n"
        "3,,5,open,No day\n"
        "4,yesterday,-1,perhaps,Three faults\n"
        "5,2031-01-01T00:00:00Z,5,open,Future\n",
    )

    assert (pushed.rows, pushed.accepted, pushed.refused, pushed.added) == (5, 1, 4, 1)
    why = {(one.row, one.field): one.reason for one in pushed.refusals}
    assert set(why) == {(3, "number"), (4, "opened_at"), (5, "opened_at"), (5, "additions"), (5, "state"),
                        (6, "opened_at")}  # fmt: skip
    assert why[4, "opened_at"] == "'opened_at' is missing."
    assert "'yesterday' should be a valid datetime" in why[5, "opened_at"]
    assert why[6, "opened_at"].endswith("lies in the future.")
    assert [row["number"] for row in rows(ctx, "pull_requests")] == [1]


def test_the_report_of_refusals_opens_in_a_spreadsheet_and_runs_nothing() -> None:
    text = report([Refusal(3, "title", "=HYPERLINK(1) is refused.")]).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(text))) == [
        ["row", "field", "reason"],
        ["3", "title", "'=HYPERLINK(1) is refused."],
    ]


def test_an_unknown_field_is_refused_with_the_nearest_name_unless_it_is_to_be_ignored(told: Told) -> None:
    text = "key,started_ad,started_at\n1,x,2026-01-05T09:00:00Z\n"

    with pytest.raises(BadInput, match=r"no field 'started_ad'\. Did you mean 'started_at'"):
        told("deployment", text)
    assert told("deployment", text, ignore_unknown=True).added == 1
    by_line = told("deployment", '{"key": "2", "started_at": "2026-01-05", "collor": 1}\n', "ndjson")
    assert by_line.refusals == (Refusal(1, "collor", "There is no field 'collor'."),)


def test_a_dry_run_says_what_would_change_and_changes_nothing(ctx: Context, told: Told) -> None:
    told("deployment", DEPLOYS)
    more = DEPLOYS.replace("success", "cancelled") + "3,production,2026-01-07T09:00:00Z,,success,,\n"

    pushed = told("deployment", more, dry_run=True)

    assert (pushed.added, pushed.changed, pushed.unchanged) == (1, 1, 1)
    assert [row["deployment_key"] for row in pushed.samples] == ["1", "3"]
    assert len(rows(ctx, "deployments")) == 2 and len(service.uploads(ctx)) == 1


@pytest.mark.parametrize(
    ("content", "fmt"),
    [
        ("key;title;opened_at\n1;Größe;2026-01-05T09:00:00Z\n".encode("utf-8-sig"), "csv"),
        ("key\ttitle\topened_at\n1\tGröße\t2026-01-05T09:00:00Z\n".encode("utf-16"), "csv"),
        ("key,title,opened_at\r\n1,Größe,2026-01-05T09:00:00Z\r\n".encode("cp1252"), "csv"),
        ("Key,Title,Opened At\n\n1,Größe,2026-01-05T09:00:00Z\n".encode(), "csv"),
        ('[{"key": 1, "title": "Größe", "opened_at": "2026-01-05T10:00:00+01:00"}]'.encode(), "json"),
        ('{"records": [{"key": 1, "title": "Größe", "opened_at": "2026-01-05T09:00Z"}]}'.encode("utf-8-sig"), "json"),
        ('\n{"key": "1", "title": "Größe", "opened_at": "2026-01-05T09:00:00Z"}\n'.encode(), "ndjson"),
    ],
    ids=["semicolons and a BOM", "tabs in UTF-16", "an old spreadsheet", "headings as people write them", "a list",
         "an object with records", "lines"],
)  # fmt: skip
def test_files_of_every_make_say_the_same(ctx: Context, told: Told, content: bytes, fmt: str) -> None:
    pushed = told("incident", content, fmt)

    (row,) = rows(ctx, "incidents")
    assert pushed.refused == 0
    assert (row["incident_key"], row["title"], row["opened_at"].hour) == ("1", "Größe", 9)


def test_a_row_that_is_no_record_is_refused_and_reading_goes_on(told: Told) -> None:
    lines = told("incident", '{"key": "1", \n[1]\n{"key": "2", "opened_at": "2026-01-05"}\n', "ndjson")
    table = told("incident", "key,opened_at\n3,2026-01-05,and,more\n4,2026-01-05\n")

    assert [(one.row, one.field) for one in lines.refusals] == [(1, ""), (2, "")] and lines.added == 1
    assert table.refusals[0].reason == "The row has 4 cells, and the heading 2." and table.added == 1


@pytest.mark.parametrize(
    ("content", "fmt", "why"),
    [("", "csv", "The file is empty"), ("a,b\n1,2\n", "csv", "no field 'a'"), ("[1, ", "json", "no JSON"),
     ("hello", "json", "no JSON of records"), ("key,key\n", "csv", "names 'key' twice"), ("x", "xlsx", "no format")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_changes_nothing(ctx: Context, told: Told, content: str, fmt: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        told("incident", content, fmt)

    assert service.uploads(ctx) == [] and rows(ctx, "incidents") == []


def test_times_without_an_offset_are_of_the_zone_that_was_named(ctx: Context, told: Told) -> None:
    told("incident", "key,opened_at\n1,2025-07-05 09:00\n", time_zone="Europe/Berlin")

    assert rows(ctx, "incidents")[0]["opened_at"].hour == 7


def test_people_are_known_by_address_name_or_login(ctx: Context, told: Told) -> None:
    told(
        "issue",
        "number,author,assignees,opened_at\n1,Ada Lovelace <ada@example.org>,@bob,2026-01-05\n2,bob,,2026-01-05\n",
        logins_of="gitlab",
    )

    with ctx.app.reading() as session:
        known = {(row.email, row.name, row.provider, row.login) for row in session.scalars(sa.select(Identity))}
    assert known == {("ada@example.org", "Ada Lovelace", "git", ""), ("", "", "gitlab", "bob")}
    one, two = rows(ctx, "issues", "number")
    assert one["assignee_ids"] == [two["author_id"]]


def test_a_commit_keeps_the_offset_of_its_author(ctx: Context, told: Told) -> None:
    told("commit", json.dumps([{"sha": "AB" * 20, "author": "Ada <ada@example.org>", "additions": 3,
                                "authored_at": "2026-01-30T23:30:00+05:30"}]), "json")  # fmt: skip

    (row,) = rows(ctx, "commits")
    assert (row["sha"], row["author_offset"], row["authored_at"].hour) == ("ab" * 20, 330, 18)
    assert (row["author_name"], row["author_email"]) == ("Ada", "ada@example.org")


def test_a_review_without_a_key_is_known_by_who_and_when(ctx: Context, told: Told) -> None:
    text = "pull_request,reviewer,state,submitted_at\n1,bob@example.org,Changes requested,2026-01-05T09:00:00Z\n"
    told("review", text)

    assert told("review", text).unchanged == 1
    (row,) = rows(ctx, "reviews")
    assert (row["state"], row["approximate"]) == ("changes_requested", 0)


def test_an_unknown_repository_is_refused_unless_it_is_to_be_created(ctx: Context, told: Told) -> None:
    with pytest.raises(NotFound, match="Did you mean 'app'"):
        told("incident", "key,opened_at\n1,2026-01-05\n", repo="ap")
    row = told("incident", "key,opened_at,repository\n1,2026-01-05,\n2,2026-01-05,ap\n")
    pushed = told("incident", "key,opened_at,repository\n1,2026-01-05,shop\n", create_repo=True)

    assert [one.field for one in row.refusals] == ["repository"] and row.added == 1
    assert pushed.new_repositories == ("shop",)
    with ctx.app.reading() as session:
        assert set(session.scalars(sa.select(Repository.name))) == {"app", "shop"}


def test_what_was_pushed_feeds_its_fact_up_to_its_newest_moment(ctx: Context, told: Told, repo: str) -> None:
    told("deployment", DEPLOYS)

    with ctx.app.reading() as session:
        feed = session.get_one(Feed, (ctx.workspace.id, repo, "deployments"))
    assert (feed.source, feed.is_approximate) == ("push", False)
    assert feed.complete_until == datetime(2026, 1, 6, 10, 0, tzinfo=UTC)


def test_an_upload_is_taken_back_with_its_rows_and_its_feed(ctx: Context, told: Told, repo: str) -> None:
    told("deployment", DEPLOYS, source="january")
    kept = told("deployment", "key,started_at\n9,2026-02-01\n", source="february")
    told("incident", "key,opened_at,repository\n1,2026-01-05,shop\n", source="january", create_repo=True)

    assert service.remove(ctx, "january") == 3

    assert [row["deployment_key"] for row in rows(ctx, "deployments")] == ["9"] and rows(ctx, "incidents") == []
    with ctx.app.reading() as session:
        assert set(session.scalars(sa.select(Feed.fact))) == {"deployments"}
        assert set(session.scalars(sa.select(Repository.name))) == {"app"}
    assert service.remove(ctx, kept.upload_id) == 1
    with ctx.app.reading() as session:
        assert session.scalars(sa.select(Feed)).all() == []
    with pytest.raises(NotFound, match="Nothing was pushed as 'january'"):
        service.remove(ctx, "january")


def test_an_upload_keeps_its_refusals_for_later(ctx: Context, told: Told) -> None:
    told("incident", "key,opened_at\n1,2026-01-05\n2,never\n")

    (view,) = service.uploads(ctx)
    assert (view.rows, view.refused, view.added, view.repositories) == (2, 1, 1, ("app",))
    assert view.refusals[0].row == 3


def test_a_viewer_pushes_nothing(acting: Any, repo: str) -> None:
    with pytest.raises(NotAllowed):
        service.push(acting("viewer"), io.BytesIO(b""), "csv", service.Push("incident"))
    with pytest.raises(NotAllowed):
        service.uploads(acting("member"))


@pytest.mark.parametrize("fmt", ["csv", "json", "ndjson"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_template_can_be_pushed_as_it_is(told: Told, kind: str, fmt: str) -> None:
    pushed = told(kind, templates.template(kind, fmt), fmt)

    assert (pushed.refusals, pushed.added) == ((), 1)


def test_every_field_says_what_it_is() -> None:
    silent = [
        (kind.key, one["field"]) for kind in KINDS.values() for one in templates.described(kind) if not one["meaning"]
    ]

    assert silent == []


def test_other_workspaces_see_and_remove_nothing(ctx: Context, told: Told, house: Any) -> None:
    from core.access import workspaces
    from tests.conftest import NOW

    pushed = told("deployment", DEPLOYS)
    other = house.context(workspaces.create(house.app, name="Other", now=NOW))

    assert service.uploads(other) == []
    with pytest.raises(NotFound):
        service.remove(other, pushed.upload_id)
    with ctx.app.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Upload)) == 1


def test_the_guide_names_every_kind() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "push-records.md").read_text()

    assert [kind for kind in KINDS if f"`{kind}`" not in guide] == []
