"""One writer of facts: the same twice is the same as once, and only days that changed are made anew."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core.access.models import DataChange, WorkspaceRow
from core.base.errors import BadInput
from core.catalogue.models import Repository
from core.context import Context
from core.ingestion import service, staging
from core.ingestion.writing import FactWriter, Written
from core.people.models import Identity, Person
from tests.ingestion import clones

DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def repository(ctx: Context, name: str = "app") -> str:
    with ctx.app.session() as session:
        row = Repository(workspace_id=ctx.workspace.id, name=name, created_at=ctx.clock())
        session.add(row)
        session.flush()
        return row.id


@pytest.fixture
def repo(ctx: Context) -> str:
    return repository(ctx)


def rows(ctx: Context, repo: str, table: str = "pull_requests", order: str = "ALL") -> list[dict[str, Any]]:
    return ctx.metrics.rows(
        f"SELECT * FROM {table} FINAL WHERE workspace_id = {{w:String}} AND repo_id = {{r:String}} ORDER BY {order}",
        {"w": ctx.workspace.id, "r": repo},
    )


def pull(number: int, **more: Any) -> dict[str, Any]:
    return {"number": number, "title": f"Change {number}", "state": "open", "opened_at": DAY, **more}


def write(ctx: Context, repo: str, *pulls: dict[str, Any], version: int = 1, source: str = "github") -> Written:
    with FactWriter(ctx, repo, source, version) as writer:
        for row in pulls:
            ann = writer.identity(login="ann", name="Ann", provider="github", at=DAY)
            writer.add("pull_requests", {"author_id": ann, **row})
        return writer.close()


def test_the_same_input_twice_changes_nothing(ctx: Context, repo: str) -> None:
    first = write(ctx, repo, pull(1), pull(2, labels=["bug"], merged_at=DAY + timedelta(days=2)))
    before = rows(ctx, repo)

    again = write(ctx, repo, pull(1), pull(2, labels=["bug"], merged_at=DAY + timedelta(days=2)), version=2)

    assert first.counts == {"pull_requests": 2}
    assert again.counts == {} and not again.changed and again.first_at is None
    assert rows(ctx, repo) == before
    assert {row["version"] for row in before} == {1 << 32}


def test_an_unchanged_batch_leaves_no_entry_in_the_journal(ctx: Context, repo: str) -> None:
    def noted(written: Written) -> tuple[int, int]:
        with ctx.app.session() as session:
            written.note(session, ctx, "sync")
        with ctx.app.reading() as session:
            version = session.get_one(WorkspaceRow, ctx.workspace.id).data_version
            return version, session.scalar(sa.select(sa.func.count()).select_from(DataChange)) or 0

    once = noted(write(ctx, repo, pull(1)))
    twice = noted(write(ctx, repo, pull(1)))

    assert once == twice == (1, 1)


def test_one_changed_row_counts_one_and_tells_its_own_days(ctx: Context, repo: str) -> None:
    write(ctx, repo, *(pull(number, opened_at=DAY + timedelta(days=number)) for number in range(1, 50)))

    merged = pull(7, opened_at=DAY + timedelta(days=7), state="merged", merged_at=DAY + timedelta(days=9))
    written = write(ctx, repo, merged, pull(8, opened_at=DAY + timedelta(days=8)))

    assert written.counts == {"pull_requests": 1}
    assert (written.tables["pull_requests"].added, written.tables["pull_requests"].changed) == (0, 1)
    assert written.first_at == DAY + timedelta(days=7)
    assert written.last_at == DAY + timedelta(days=9)
    with ctx.app.session() as session:
        written.note(session, ctx, "sync")
        entry = session.scalars(sa.select(DataChange)).one()
        assert (entry.first_day, entry.last_day) == (date(2026, 1, 12), date(2026, 1, 14))


def test_a_row_that_moves_in_time_makes_old_days_old_too(ctx: Context, repo: str) -> None:
    write(ctx, repo, pull(1, opened_at=DAY))

    written = write(ctx, repo, pull(1, opened_at=DAY + timedelta(days=30)))

    assert (written.first_at, written.last_at) == (DAY, DAY + timedelta(days=30))


def test_a_late_review_makes_the_days_of_its_pull_request_old(ctx: Context, repo: str) -> None:
    write(ctx, repo, pull(1, opened_at=DAY, merged_at=DAY + timedelta(days=200)))

    with FactWriter(ctx, repo, "github", 2) as writer:
        bob = writer.identity(login="bob", provider="github")
        writer.add("reviews", {"pr_number": 1, "review_key": "a", "reviewer_id": bob, "state": "approved",
                               "submitted_at": DAY + timedelta(days=3)})  # fmt: skip
        written = writer.close()

    assert written.counts == {"reviews": 1}
    assert (written.first_at, written.last_at) == (DAY, DAY + timedelta(days=200))


def test_a_buried_row_is_gone_and_may_come_back(ctx: Context, repo: str) -> None:
    write(ctx, repo, pull(1), pull(2))

    with FactWriter(ctx, repo, "github", 2) as writer:
        writer.bury("pull_requests", {"number": 2})
        writer.bury("pull_requests", {"number": 99})
        gone = writer.close()
    left = [row["number"] for row in rows(ctx, repo)]
    back = write(ctx, repo, pull(2), version=1)

    assert (gone.tables["pull_requests"].removed, gone.counts) == (1, {"pull_requests": 1})
    assert gone.last_at == DAY
    assert left == [1]
    assert back.tables["pull_requests"].added == 1
    assert [row["number"] for row in rows(ctx, repo, order="number")] == [1, 2]


def test_what_a_source_says_alone_takes_its_own_older_rows_back_and_nobody_elses(ctx: Context, repo: str) -> None:
    write(ctx, repo, pull(1), pull(2))
    write(ctx, repo, pull(3), source="push:a")

    with FactWriter(ctx, repo, "github", 3) as writer:
        writer.only("pull_requests")
        writer.add("pull_requests", {**pull(2), "author_id": writer.identity(login="ann", provider="github")})
        written = writer.close()

    assert written.tables["pull_requests"].removed == 1 and written.tables["pull_requests"].changed == 0
    assert [(row["number"], row["source"]) for row in rows(ctx, repo, order="number")] == [(2, "github"), (3, "push:a")]


def test_a_patch_changes_only_the_columns_that_it_names(ctx: Context, repo: str) -> None:
    write(ctx, repo, pull(1, labels=["bug"], merged_at=DAY))

    with FactWriter(ctx, repo, "github", 2) as writer:
        writer.patch("pull_requests", {"number": 1, "title": "Better"})
        writer.patch("pull_requests", {"number": 1, "merged_at": None})
        written = writer.close()

    (row,) = rows(ctx, repo)
    assert written.counts == {"pull_requests": 1}
    assert (row["title"], row["labels"], row["merged_at"], row["state"]) == ("Better", ["bug"], None, "open")


def test_of_two_rows_with_one_key_the_later_stands(ctx: Context, repo: str) -> None:
    written = write(ctx, repo, pull(1, title="old", merged_at=DAY), pull(1, title="new"))

    (row,) = rows(ctx, repo)
    assert written.counts == {"pull_requests": 1}
    assert (row["title"], row["merged_at"]) == ("new", None)


def test_a_providers_row_wins_over_what_git_guessed(ctx: Context, clone: clones.Clone) -> None:
    clone.commit("Add a door (#7)", {"a.py": "1\n"})
    clone.commit("Add a roof (#8)", {"a.py": "2\n"})
    source = service.add_git(ctx, clone.path)
    service.sync(ctx, source.id)
    guessed = rows(ctx, source.repo_id, order="number")

    with FactWriter(ctx, source.repo_id, "github", 1) as writer:
        writer.replace_guesses("pull_requests")
        writer.add("pull_requests", pull(7, title="Add a red door"))
        written = writer.close()

    assert [(row["number"], row["source"]) for row in guessed] == [(7, "git"), (8, "git")]
    assert (written.tables["pull_requests"].changed, written.tables["pull_requests"].removed) == (1, 1)
    assert [(row["number"], row["title"], row["approximate"]) for row in rows(ctx, source.repo_id)] == [
        (7, "Add a red door", 0)
    ]


def test_nobodys_word_replaces_a_commit_that_git_itself_tells(ctx: Context, clone: clones.Clone) -> None:
    sha = clone.commit("Add a door", {"a.py": "1\n"})
    source = service.add_git(ctx, clone.path)
    service.sync(ctx, source.id)
    before = rows(ctx, source.repo_id, "commits")

    with FactWriter(ctx, source.repo_id, "push:a", 1) as writer:
        writer.add("commits", {"sha": sha, "subject": "Something else", "authored_at": DAY})
        writer.add("commits", {"sha": "f" * 40, "subject": "Another one", "authored_at": DAY})
        written = writer.close()

    assert written.tables["commits"].added == 1 and written.tables["commits"].changed == 0
    assert [row for row in rows(ctx, source.repo_id, "commits") if row["sha"] == sha] == before


def test_a_commit_whose_date_is_put_right_stands_once(ctx: Context, repo: str) -> None:
    for at in (DAY, DAY + timedelta(days=3)):
        with FactWriter(ctx, repo, "push:a", 1) as writer:
            writer.add("commits", {"sha": "a" * 40, "subject": "Door", "authored_at": at, "committed_at": at})

    (row,) = rows(ctx, repo, "commits")
    assert row["authored_at"].day == 8


def test_everybody_seen_is_registered_before_a_fact_names_them(ctx: Context, repo: str) -> None:
    with FactWriter(ctx, repo, "github", 1) as writer:
        ann = writer.identity(login="Ann", provider="github", at=DAY)
        also = writer.identity(email="ann@acme.example", login="ann", provider="github", at=DAY)
        robot = writer.identity(login="mender", provider="github", is_bot=True)
        nobody = writer.identity()
        writer.add("issues", {"number": 1, "author_id": ann, "opened_at": DAY})

    with ctx.app.reading() as session:
        known = {row.id: row for row in session.scalars(sa.select(Identity))}
        bots = set(session.scalars(sa.select(Person.id).where(Person.is_bot)))
    assert set(known) == {ann, also, robot} and nobody == 0
    assert known[ann].person_id == known[also].person_id
    assert bots == {known[robot].person_id}
    published = ctx.metrics.rows("SELECT identity_id FROM identity_people FINAL WHERE workspace_id = {w:String}",
                                 {"w": ctx.workspace.id})  # fmt: skip
    assert {row["identity_id"] for row in published} == set(known)


def test_two_logins_of_one_name_stay_two_people(ctx: Context, repo: str) -> None:
    with FactWriter(ctx, repo, "github", 1) as writer:
        one = writer.identity(login="kim-a", name="Kim", provider="github")
        other = writer.identity(login="kim-b", name="Kim", provider="github")

    assert one != other
    with ctx.app.reading() as session:
        assert len(set(session.scalars(sa.select(Identity.person_id)))) == 2


def test_an_unknown_column_or_table_is_refused_with_the_nearest_name(ctx: Context, repo: str) -> None:
    writer = FactWriter(ctx, repo, "github", 1)

    with pytest.raises(BadInput, match=r"no column 'titel'\. Did you mean 'title'"):
        writer.add("pull_requests", {"number": 1, "titel": "Door"})
    with pytest.raises(BadInput, match="Did you mean 'reviews'"):
        writer.add("review", {"pr_number": 1})
    with pytest.raises(BadInput, match="needs its 'number'"):
        writer.add("pull_requests", {"title": "Door"})
    writer.discard()


def test_a_value_that_a_column_cannot_hold_is_refused_and_nothing_is_written(ctx: Context, repo: str) -> None:
    with pytest.raises(BadInput, match="'additions' of pull_requests"), FactWriter(ctx, repo, "github", 1) as writer:
        writer.add("pull_requests", pull(1, additions="many"))
        writer.close()

    assert rows(ctx, repo) == []
    assert left_over(ctx) == []


def test_a_preview_says_what_would_change_and_changes_nothing(ctx: Context, repo: str) -> None:
    write(ctx, repo, pull(1), pull(2))

    writer = FactWriter(ctx, repo, "github", 2)
    writer.add("pull_requests", {**pull(1, title="Better"), "author_id": writer.identity(login="eve")})
    writer.add("pull_requests", pull(3))
    written, samples = writer.preview()

    assert (written.tables["pull_requests"].added, written.tables["pull_requests"].changed) == (1, 1)
    assert [(row["number"], row["_stood"]) for row in samples["pull_requests"]] == [(1, 1), (3, 0)]
    assert [row["title"] for row in rows(ctx, repo, order="number")] == ["Change 1", "Change 2"]
    with ctx.app.reading() as session:
        assert session.scalars(sa.select(Identity.login)).all() == ["ann"]


def test_other_repositories_and_workspaces_are_not_touched(ctx: Context, repo: str) -> None:
    other = repository(ctx, "other")
    write(ctx, other, pull(1))

    with FactWriter(ctx, repo, "github", 2) as writer:
        writer.only("pull_requests")
        writer.add("pull_requests", pull(1, title="Mine"))
        writer.add("pull_requests", pull(5, title="Theirs"), repo_id=other)

    assert [row["title"] for row in rows(ctx, other, order="number")] == ["Change 1", "Theirs"]
    assert [row["title"] for row in rows(ctx, repo)] == ["Mine"]


def test_many_rows_are_compared_in_slices_with_little_held(
    ctx: Context, repo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "FLUSH", 50)
    monkeypatch.setattr(staging, "SLICE", 100)
    pulls = [pull(number) for number in range(1, 501)]

    first = write(ctx, repo, *pulls)
    again = write(ctx, repo, *pulls[:-1], pull(500, title="Last"))

    assert first.counts == {"pull_requests": 500} and again.counts == {"pull_requests": 1}
    assert len(rows(ctx, repo)) == 500
    assert left_over(ctx) == []


def left_over(ctx: Context) -> list[dict[str, Any]]:
    return ctx.metrics.rows("SELECT name FROM system.tables WHERE match(name, '^(staged|changed)_')")
