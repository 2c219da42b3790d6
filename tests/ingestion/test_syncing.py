"""Reading again: only what is new, after a rewrite, after a kill, twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.access import workspaces
from core.access.models import DataChange
from core.base.errors import Conflict
from core.base.queue import InlineQueue
from core.bootstrap import House
from core.catalogue.models import Feed
from core.context import Context
from core.ingestion import runs, service
from core.ingestion.models import Source, SyncRun
from core.people import service as people
from core.stores.app import work
from tests.conftest import NOW
from tests.ingestion import clones
from tests.ingestion.clones import BOB, Clone
from tests.ingestion.conftest import Importing, Read


def grown(path: Path, commits: int = 3) -> Clone:
    clone = clones.new(path)
    for number in range(commits):
        clone.commit(
            f"Change {number} (#{number + 1})",
            {f"{number % 7}.py": f"{number}\n"},
            author=[BOB, clones.ADA][number % 2],
        )
    return clone


def test_a_second_reading_adds_nothing(tmp_path: Path, imported: Importing) -> None:
    clone = grown(tmp_path / "app")
    before = imported(clone)[0].everything()

    read, result = imported(clone)

    assert (result.commits_added, result.commits_removed) == (0, 0)
    assert read.everything() == before


def test_only_new_commits_are_read(tmp_path: Path, imported: Importing) -> None:
    clone = grown(tmp_path / "app")
    imported(clone)
    clone.commit(files={"new.py": "1\n"})

    read, result = imported(clone)

    assert (result.commits_added, len(read.rows())) == (1, 4)


def test_reading_step_by_step_gives_the_tables_of_reading_at_once(
    tmp_path: Path, imported: Importing, house: House
) -> None:
    clone = grown(tmp_path / "app")
    imported(clone)
    clone.git("switch", "-q", "-c", "topic")
    clone.commit(files={"t": "1\n"}, author=BOB)
    clone.git("switch", "-q", "main")
    clone.commit(files={"m": "1\n"})
    imported(clone)
    clone.merge("Merge pull request #9 from acme/topic", "topic")
    stepwise = imported(clone)[0].everything()

    assert stepwise == fresh(house, clone)


@pytest.mark.parametrize("with_merge", [False, True])
@pytest.mark.parametrize("said", ["Gone", "Gone (#3)"])
def test_a_force_push_leaves_the_tables_of_a_first_import(
    said: str, with_merge: bool, tmp_path: Path, imported: Importing, house: House
) -> None:
    clone = grown(tmp_path / "app")
    keep = clone.head()
    clone.commit(f"{said}\n\nReviewed-by: Bob Martin <bob@example.org>\n", {"gone.py": "1\n"})
    if with_merge:
        clone.git("switch", "-q", "-c", "topic")
        clone.commit(files={"t": "1\n"})
        clone.git("switch", "-q", "main")
        clone.commit(files={"m": "1\n"})
        clone.merge("Merge pull request #9 from acme/topic", "topic")
    imported(clone)
    clone.git("reset", "-q", "--hard", keep)
    clone.commit("Instead (#77)", {"instead.py": "1\n2\n"}, author=BOB)

    read, result = imported(clone)

    assert result.commits_removed == (4 if with_merge else 1)
    assert any("rewritten" in note for note in result.notes)
    assert read.everything() == fresh(house, clone)
    assert read.by_email() == clone.shortlog()


def test_an_old_tip_that_is_lost_has_all_read_anew(tmp_path: Path, imported: Importing, house: House) -> None:
    clone = grown(tmp_path / "app")
    imported(clone)
    clone.git("reset", "-q", "--hard", "HEAD~1")
    clone.git("reflog", "expire", "--expire=now", "--all")
    clone.git("gc", "-q", "--prune=now")

    read, result = imported(clone)

    assert result.commits_removed == 1
    assert read.everything() == fresh(house, clone)


def test_an_import_killed_midway_and_run_again_gives_the_same_tables(
    tmp_path: Path, house: House, ctx: Context
) -> None:
    clone = grown(tmp_path / "app", 40)
    url = str(house.app.engine.url)
    script = (
        "import os, sys, signal\n"
        "from core.base.settings import Settings\n"
        "from core.bootstrap import build\n"
        "from core.access import workspaces\n"
        "from core.ingestion.sources.git import shards, writer\n"
        "from core.ingestion import service\n"
        "shards.BATCH, writer.LARGE = 5, 1\n"
        "from core.ingestion.sources.git import reading\n"
        "reading.BATCH = 5\n"
        "home, url, slug, path = sys.argv[1:]\n"
        "rooms = build(Settings(home=home, database_url=url))\n"
        "ctx = rooms.context(workspaces.find(rooms.app, slug))\n"
        "flush, count = writer.Writer._flush, []\n"
        "def dying(self):\n"
        "    flush(self)\n"
        "    count.append(1)\n"
        "    if len(count) == 3: os.kill(os.getpid(), signal.SIGKILL)\n"
        "writer.Writer._flush = dying\n"
        "service.sync(ctx, service.add_git(ctx, path).id)\n"
    )
    words = [sys.executable, "-c", script, str(house.settings.home), url, ctx.workspace.slug, str(clone.path)]
    killed = subprocess.run(words, check=False, cwd=Path(__file__).parents[2])

    source = service.add_git(ctx, clone.path)
    half = len(Read(ctx, source.id).rows())
    result = service.sync(ctx, source.id)

    assert killed.returncode == -signal.SIGKILL
    assert 0 < half < 40
    assert result.commits_added == 40 - half
    assert Read(ctx, source.id).everything() == fresh(house, clone)
    assert {view.email for view in people.people(ctx)} == {"ada@example.org", "bob@example.org"}
    assert sorted(run.status for run in service.runs(ctx)) == ["failed", "success"]


def test_a_deepened_shallow_clone_is_read_anew(tmp_path: Path, imported: Importing) -> None:
    origin = grown(tmp_path / "origin", 5)
    origin.git("clone", "-q", "--depth", "2", f"file://{origin.path}", str(tmp_path / "shallow"))
    shallow = Clone(tmp_path / "shallow")

    read, result = imported(shallow)

    assert result.commits_added == 2
    assert any("shallow" in note for note in result.notes)
    assert read.lines() == shallow.lines()
    boundary = read.rows("commits", "authored_at")[0]
    assert (boundary["additions"], boundary["generated_files"]) == (0, 4)

    shallow.git("fetch", "-q", "--unshallow")
    read, result = imported(shallow)

    assert read.by_email() == origin.shortlog()
    assert read.lines() == origin.lines()
    assert not result.notes


def test_since_and_branch_narrow_what_is_read(tmp_path: Path, imported: Importing) -> None:
    clone = clones.new(tmp_path / "app")
    clone.commit("Old", at="1500000000 +0000")
    clone.commit("New", at="1700000000 +0000")
    clone.git("switch", "-q", "-c", "side")
    clone.commit("Side", at="1700100000 +0000")
    clone.git("switch", "-q", "main")

    assert [row["subject"] for row in imported(clone, since="2020-01-01")[0].rows()] == ["New"]
    assert {row["subject"] for row in imported(clone, branch="side")[0].rows()} == {"New", "Side"}


def test_a_first_day_and_a_branch_are_said_and_can_be_taken_back(tmp_path: Path, imported: Importing) -> None:
    clone = clones.new(tmp_path / "app")
    clone.commit("Old", at="1500000000 +0000")
    clone.commit("New", at="1700000000 +0000")
    clone.git("branch", "side", "HEAD~1")

    assert "Only commits from 2020-01-01 on are read" in imported(clone, since="2020-01-01")[1].notes[0]
    read, result = imported(clone, since="all")
    assert [row["subject"] for row in read.rows("commits", "authored_at")] == ["Old", "New"]
    assert not result.notes

    assert "another branch" in imported(clone, branch="side")[1].notes[0]
    assert [row["subject"] for row in imported(clone, branch="HEAD")[0].rows("commits", "authored_at")] == [
        "Old",
        "New",
    ]


def test_the_watermark_is_evidence_and_never_in_the_future(tmp_path: Path, ctx: Context, imported: Importing) -> None:
    clone = grown(tmp_path / "app")
    for path in (clone.path / ".git").rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))

    _, result = imported(clone)

    with ctx.app.reading() as session:
        feeds = {feed.fact: feed for feed in session.scalars(sa.select(Feed))}
    assert result.complete_until is not None
    assert int(result.complete_until.timestamp()) == 1_700_000_000 + 3 * 3600
    assert result.complete_until < NOW
    assert set(feeds) == {"commits", "commit_files", "pull_requests", "pr_commits"}
    assert (feeds["commits"].is_approximate, feeds["pull_requests"].is_approximate) == (False, True)


def test_the_journal_names_the_days_that_changed(tmp_path: Path, ctx: Context, imported: Importing) -> None:
    clone = clones.new(tmp_path / "app")
    clone.commit(at="1700000000 +0000")
    imported(clone)
    clone.commit(at="1700200000 +0000")

    imported(clone)

    with ctx.app.reading() as session:
        days = [(c.first_day, c.last_day) for c in session.scalars(sa.select(DataChange)) if c.cause == "sync"]
    assert [(str(a), str(b)) for a, b in days] == [("2023-11-14", "2023-11-14"), ("2023-11-17", "2023-11-17")]


def test_a_provider_that_knows_pull_requests_is_not_overruled(tmp_path: Path, ctx: Context) -> None:
    clone = grown(tmp_path / "app")
    source = service.add_git(ctx, clone.path)
    with ctx.app.session() as session:
        for fact in ("pull_requests", "pr_commits"):
            session.add(
                Feed(workspace_id=ctx.workspace.id, repo_id=source.repo_id, fact=fact, source="github", updated_at=NOW)
            )

    service.sync(ctx, source.id)

    assert Read(ctx, source.id).rows("pull_requests") == []
    with ctx.app.reading() as session:
        assert session.get_one(Feed, (ctx.workspace.id, source.repo_id, "pull_requests")).source == "github"


def test_a_source_that_is_being_read_is_not_read_twice_at_once(tmp_path: Path, ctx: Context) -> None:
    source = service.add_git(ctx, grown(tmp_path / "app").path)
    with ctx.app.session() as session:
        run = work.create(session, SyncRun, ctx.workspace.id, NOW, source_id=source.id)
        work.claim(session, SyncRun, run.id, runs.worker_name(), NOW)

    with pytest.raises(Conflict, match="being read already"):
        service.sync(ctx, source.id)


def test_a_requested_sync_is_done_by_the_worker(tmp_path: Path, ctx: Context, house: House) -> None:
    source = service.add_git(ctx, grown(tmp_path / "app").path)

    run_id = service.request_sync(ctx, source.id)

    assert service.request_sync(ctx, source.id) == run_id
    assert isinstance(house.queue, InlineQueue)
    assert house.queue.waiting[0] == ("sync", (ctx.workspace.id, run_id))
    service.run_sync(house, ctx.workspace.id, run_id)
    assert (service.run(ctx, run_id).status, service.run(ctx, run_id).commits_added) == ("success", 3)


def test_removing_a_source_takes_its_rows_along(tmp_path: Path, ctx: Context, imported: Importing) -> None:
    read, _ = imported(grown(tmp_path / "app"))

    service.remove(ctx, read.source_id)

    assert service.sources(ctx) == []
    assert not any(read.everything().values())


def test_two_clones_of_one_name_get_names_apart(tmp_path: Path, ctx: Context) -> None:
    first = service.add_git(ctx, clones.new(tmp_path / "a" / "app").path)
    second = service.add_git(ctx, clones.new(tmp_path / "b" / "app").path)

    assert (first.name, second.name) == ("app", "b/app")


def test_workers_end_when_their_reader_is_killed(tmp_path: Path) -> None:
    script = "import os, signal\nfrom core.ingestion.sources.git.shards import Shards\nx = Shards()\n" \
        "print(*[p.pid for p in x._processes], flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"  # fmt: skip
    out = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2]
    ).stdout
    deadline = time.monotonic() + 20

    while time.monotonic() < deadline and any(running(pid) for pid in out.split()):
        time.sleep(0.1)

    assert out.split()
    assert not any(running(pid) for pid in out.split())


def running(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def fresh(house: House, clone: Clone) -> dict[str, list[dict[str, object]]]:
    """The tables of a first import, into a workspace of its own."""
    from core.access import workspaces

    ctx = house.context(workspaces.create(house.app, name=f"Fresh {time.monotonic_ns()}", now=NOW))
    source = service.add_git(ctx, clone.path)
    service.sync(ctx, source.id)
    with house.app.reading() as session:
        assert session.get_one(Source, source.id).cursor["tip"]
    return Read(ctx, source.id).everything()


def test_a_sync_that_finds_nothing_new_says_how_far_it_read(ctx: Context, tmp_path: Path) -> None:
    source = service.add_git(ctx, grown(tmp_path / "app").path)
    service.sync(ctx, source.id)
    before = workspaces.find(ctx.app, ctx.workspace.id).data_version

    service.sync(ctx, source.id)

    assert workspaces.find(ctx.app, ctx.workspace.id).data_version > before
