"""Lines of a clone: how old they were when they were changed, whose, and what is there now."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from core.base.errors import BadInput, Conflict
from core.base.period import between
from core.base.queue import InlineQueue
from core.bootstrap import House
from core.catalogue.models import Feed
from core.catalogue.scope import Scope
from core.catalogue.service import measure
from core.context import Context
from core.entrypoints.cli import assembled, out
from core.figures import State
from core.ingestion import service as ingestion
from core.ingestion.lines import reading, service
from core.ingestion.lines.tree import names_before
from core.ingestion.lines.weighing import weighed
from core.ingestion.models import LineRun
from core.people.identities import identity_id
from core.stores.app import work
from tests.catalogue.factories import fresh
from tests.ingestion import clones
from tests.ingestion.clones import ADA, BOB, Clone
from tests.ingestion.conftest import Importing, Read

START = datetime(2026, 2, 1, 12, tzinfo=UTC)
SPRING = Scope(between(START.date(), START.date() + timedelta(days=37)))
ADA_ID, BOB_ID = identity_id("ada@example.org", ""), identity_id("bob@example.org", "")


def on(day: float) -> str:
    """Git's date of a day after the start."""
    return f"{int((START + timedelta(days=day)).timestamp())} +0000"


def rows(read: Read, table: str, columns: str) -> list[dict[str, Any]]:
    mine = "workspace_id = {w:String} AND repo_id = {r:String}"
    return read.ctx.metrics.rows(
        f"SELECT {columns} FROM {table} FINAL WHERE {mine} ORDER BY ALL",
        {"w": read.ctx.workspace.id, "r": read.repo_id},
    )


def kept(read: Read) -> list[dict[str, Any]]:
    return rows(read, "line_changes", "authored_at, sha, path, previous_sha, previous_id, author_id, lines, unknown")


def numbers(ctx: Context, scope: Scope = SPRING) -> dict[str, Any]:
    keys = ("code_rework_ratio", "code_rework_own_ratio", "code_rework_others_ratio", "code_reworked_lines")
    answer = measure(fresh(ctx), keys, scope)
    return {key.removeprefix("code_"): answer.get(key).value for key in keys}


@pytest.fixture
def reworked(clone: Clone) -> Clone:
    """Four commits on one file; what each changed, and how old it was, is in the test beside."""
    clone.commit(files={"a.py": "a1\na2\na3\na4\n"}, at=on(0))
    clone.commit(files={"a.py": "a1\nb2\nb3\na4\n"}, author=BOB, at=on(5))
    clone.commit(files={"a.py": "a1\nb2\nc3\n", "b.py": "new\n"}, author=BOB, at=on(10))
    clone.commit(files={"a.py": "d1\nb2\nd3\n"}, at=on(31))
    return clone


def test_rework_is_told_by_the_age_of_lines_and_by_whose_they_were(reworked: Clone, imported: Importing) -> None:
    read, _ = imported(reworked)
    service.read(read.ctx, read.source_id)

    # Day 5: Bob changes two lines of Ada's, 5 days old. Day 10: one of his own (5 days) and one of Ada's (10 days).
    # Day 31: Ada changes her own line of day 0 (31 days: older) and Bob's of day 10 (21 days to the second: rework).
    told = [(row["author_id"], row["previous_id"], row["lines"]) for row in kept(read) if row["path"]]
    assert sorted(told) == sorted(
        [(BOB_ID, ADA_ID, 2), (BOB_ID, BOB_ID, 1), (BOB_ID, ADA_ID, 1), (ADA_ID, 0, 1), (ADA_ID, BOB_ID, 1)]
    )
    assert numbers(read.ctx) == {
        "rework_ratio": pytest.approx(5 / 6), "rework_own_ratio": pytest.approx(1 / 6),
        "rework_others_ratio": pytest.approx(4 / 6), "reworked_lines": 5,
    }  # fmt: skip


def test_a_second_later_a_line_is_no_rework_any_more(clone: Clone, imported: Importing) -> None:
    clone.commit(files={"a.py": "a\nb\n"}, at=on(0))
    clone.commit(files={"a.py": "x\nb\n"}, at=on(21))
    clone.commit(files={"a.py": "x\ny\n"}, at=on(21 + 1 / 86_400))

    read, _ = imported(clone)
    service.read(read.ctx, read.source_id)

    assert [(row["lines"], bool(row["previous_sha"])) for row in kept(read) if row["path"]] == [(1, True), (1, False)]


def test_it_is_what_a_blame_of_every_changed_line_says(tmp_path: Path, imported: Importing) -> None:
    clone = drawn(tmp_path / "drawn", random.Random(7))

    read, _ = imported(clone)
    service.read(read.ctx, read.source_id)

    found: Counter[tuple[str, str]] = Counter()
    for row in kept(read):
        found[row["sha"], row["previous_sha"]] += row["lines"]
    assert +found == asked_line_by_line(clone)


def drawn(path: Path, draw: random.Random) -> Clone:
    """Changes, renames, removals and branches over two months, in files with odd names."""
    clone, texts = clones.new(path), {name: ["0"] * 12 for name in ("a.py", "src/é b.py", 'src/"q".txt')}
    day = 0.0
    for number in range(30):
        day += draw.random() * 2.5
        if number in (8, 20):
            clone.git("switch", "-q", "-c", f"side{number}")
        if number in (12, 24):
            clone.git("switch", "-q", "main")
            dated = {name: on(day - 30) for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE")}
            clone.git("merge", "-q", "-X", "ours", "--no-ff", "-m", "Merge branch", f"side{number - 4}", **dated)
            texts = {name: (path / name).read_text().splitlines() for name in texts if (path / name).exists()}
        name = draw.choice(sorted(texts))
        lines = texts[name]
        for _ in range(draw.randrange(1, 4)):
            place = draw.randrange(len(lines))
            lines[place : place + draw.randrange(1, 3)] = [f"{number}.{draw.random()}"] * draw.randrange(1, 4)
        if draw.random() < 0.15:
            (path / name).unlink(missing_ok=True)
            texts[f"moved{number}.py"] = texts.pop(name)
        files = {one: "\n".join(text) + ("\n" if draw.random() < 0.8 else "") for one, text in texts.items()}
        clone.commit(str(number), files, author=draw.choice((ADA, BOB)), at=on(day - 30))
    return clone


def asked_line_by_line(clone: Clone) -> Counter[tuple[str, str]]:
    """Lines by commit and by the one that wrote them within 21 days before: slowly, and with no bounds."""
    found: Counter[tuple[str, str]] = Counter()
    for line in clone.git("log", "--no-merges", "--min-parents=1", "--format=%H %at").splitlines():
        sha, at = line.split()
        for before, after in pairs(clone, sha):
            diff = clone.git("diff", "-M", "-U0", f"{sha}^", sha, "--", *{before, after})
            blamed = clone.git("blame", "--line-porcelain", "--root", f"{sha}^", "--", before).splitlines()
            by_line, current = {}, ("", 0, 0)
            for told in blamed:
                words = told.split(" ")
                if len(words) >= 3 and len(words[0]) == 40 and not told.startswith("\t"):
                    current = (words[0], int(words[2]), 0)
                elif told.startswith("author-time "):
                    by_line[current[1]] = (current[0], int(words[1]))
            for hunk in (one for one in diff.splitlines() if one.startswith("@@ ")):
                first, _, count = hunk.split(" ")[1][1:].partition(",")
                for number in range(int(first), int(first) + int(count or 1)):
                    previous, written = by_line[number]
                    found[sha, previous if int(at) - written <= 21 * 86_400 else ""] += 1
    return found


def pairs(clone: Clone, sha: str) -> list[tuple[str, str]]:
    """Names before and after, of files that were there before."""
    words = clone.git("diff", "-M", "--name-status", "-z", f"{sha}^", sha).split("\0")
    found, at = [], 0
    while at < len(words) and words[at]:
        kind = words[at]
        names = words[at + 1 : at + (3 if kind[0] == "R" else 2)]
        if kind[0] != "A":
            found.append((names[0], names[-1]))
        at += 1 + len(names)
    return found


def test_reading_goes_on_where_it_was_stopped_and_twice_changes_nothing(
    reworked: Clone, imported: Importing, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, _ = imported(reworked)
    monkeypatch.setattr(reading, "BATCH", 1)
    pieces = 0
    while not service.status(ctx, read.source_id)[0].is_complete:
        run_id = service.request(stamped(ctx, pieces), read.source_id)
        service._perform(stamped(ctx, pieces), run_id, 10**9, lambda: True, None)
        pieces += 1
        until = service.status(ctx, read.source_id)[0].known_until
        if pieces == 2:
            # What is authored up to the second commit is known, the third is the oldest that is left.
            assert until == START + timedelta(days=10)

    whole = kept(read)
    assert pieces == 4 and numbers(ctx)["reworked_lines"] == 5
    service.read(stamped(ctx, 99), read.source_id)
    assert kept(read) == whole


def stamped(ctx: Context, seconds: int) -> Context:
    """The same a little later."""
    now = ctx.clock() + timedelta(seconds=seconds)
    return replace(ctx, clock=lambda: now)


def test_a_rewritten_history_takes_what_was_told_of_it_away(reworked: Clone, imported: Importing) -> None:
    read, _ = imported(reworked)
    service.read(read.ctx, read.source_id)
    reworked.git("reset", "-q", "--hard", "HEAD~2")
    reworked.commit(files={"a.py": "a1\nz2\nb3\na4\n"}, at=on(12))

    read, _ = imported(reworked)
    assert {row["sha"] for row in kept(read)} <= {row["sha"] for row in read.rows()}
    service.read(read.ctx, read.source_id)

    # Two lines of Ada's on day 5, and one of Bob's on day 12.
    assert numbers(read.ctx)["reworked_lines"] == 3


def test_a_mailmap_moves_lines_to_the_person_that_it_names(reworked: Clone, imported: Importing) -> None:
    read, _ = imported(reworked)
    service.read(read.ctx, read.source_id)
    reworked.commit(files={".mailmap": "Ada Lovelace <ada@example.org> <bob@example.org>\n"}, at=on(32))

    read, _ = imported(reworked)
    service.read(read.ctx, read.source_id)

    assert numbers(read.ctx)["rework_others_ratio"] == 0
    assert numbers(read.ctx)["reworked_lines"] == 5


def test_a_shallow_clone_says_of_lines_at_its_edge_that_their_age_is_not_known(
    tmp_path: Path, reworked: Clone, imported: Importing
) -> None:
    path = tmp_path / "shallow"
    reworked.git("clone", "-q", "--depth", "2", f"file://{reworked.path}", str(path))

    read, _ = imported(Clone(path))
    service.read(read.ctx, read.source_id)

    # The oldest commit that is there is of day 10: two lines that the last one changed are at least that old.
    assert [(row["lines"], row["unknown"]) for row in kept(read) if row["path"]] == [(0, 2)]
    assert measure(fresh(read.ctx), ["code_rework_ratio"], SPRING).get("code_rework_ratio").state is State.NO_DATA


def test_where_no_lines_were_read_rework_is_not_collected(reworked: Clone, imported: Importing) -> None:
    read, _ = imported(reworked)

    value = measure(fresh(read.ctx), ["code_rework_ratio"], SPRING).get("code_rework_ratio")
    assert value.state is State.NOT_COLLECTED and "sightline code read" in value.state_text


def test_rework_is_known_as_far_back_as_was_read_and_says_so(clone: Clone, imported: Importing) -> None:
    clone.commit(files={"a.py": "a\nb\n"}, at="2024-03-01T12:00:00+0000")
    clone.commit(files={"a.py": "x\nb\n"}, at="2024-03-02T12:00:00+0000")
    clone.commit(files={"a.py": "x\ny\n"}, at=on(0))
    clone.commit(at=on(35))
    read, _ = imported(clone)
    service.read(read.ctx, read.source_id)

    def asked(first: str, last: str) -> Any:
        scope = Scope(between(datetime.fromisoformat(first).date(), datetime.fromisoformat(last).date()))
        return measure(fresh(read.ctx), ["code_reworked_lines"], scope).get("code_reworked_lines")

    before, across, after = (
        asked("2024-01-01", "2024-12-31"),
        asked("2024-01-01", "2026-02-28"),
        asked("2026-01-01", "2026-02-28"),
    )
    assert (before.state, before.value) == (State.NOT_COLLECTED, None)
    assert (across.state, across.value) == (State.STALE, 0) and "2025-03-11" in across.state_text
    assert (after.state, after.value) == (State.MEASURED, 0)


def test_a_removed_source_takes_its_lines_along(reworked: Clone, imported: Importing) -> None:
    read, _ = imported(reworked)
    service.read(read.ctx, read.source_id)

    ingestion.remove(read.ctx, read.source_id)

    assert kept(read) == [] and rows(read, "tree_files", "path") == []
    with read.ctx.app.reading() as session:
        assert session.scalars(sa.select(Feed)).all() == [] and session.scalars(sa.select(LineRun)).all() == []


def test_the_files_that_are_there_are_measured_and_keep_their_names(clone: Clone, imported: Importing) -> None:
    clone.commit(
        files={"old.py": "def f():\n    if x:\n        return 1\n\n", "gone.py": "1\n", "b.bin": b"\0\1"}, at=on(0)
    )
    clone.git("mv", "old.py", "new.py")
    clone.git("rm", "-q", "gone.py")
    clone.commit(files={"uv.lock": "a\n", "empty.py": ""}, at=on(1))

    read, _ = imported(clone)
    service.read(read.ctx, read.source_id)

    told = rows(read, "tree_files", "path, former, language, lines, complexity, known, generated")
    assert [tuple(row.values()) for row in told] == [
        ("b.bin", [], "", 0, 0, 0, 0),
        ("empty.py", [], "Python", 0, 0, 1, 0),
        # 1 + (1 + 1) + (1 + 2): three lines, one of them a level in and one two.
        ("new.py", ["old.py"], "Python", 3, 6, 1, 0),
        ("uv.lock", [], told[3]["language"], 0, 0, 0, 1),
    ]
    clone.commit(files={"new.py": "x = 1\n"}, at=on(2))
    read, _ = imported(clone)
    service.read(read.ctx, read.source_id)
    assert [row["complexity"] for row in rows(read, "tree_files", "path, complexity")] == [0, 0, 1, 0]


def test_a_file_that_there_was_no_time_for_is_measured_by_the_next_piece(
    clone: Clone, imported: Importing, ctx: Context
) -> None:
    clone.commit(files={"a.py": "a\n"}, at=on(0))
    read, _ = imported(clone)

    service._perform(ctx, service.request(ctx, read.source_id), 0.0, lambda: True, None)
    assert [row["known"] for row in rows(read, "tree_files", "known")] == [0]

    service.read(stamped(ctx, 1), read.source_id)
    assert [row["known"] for row in rows(read, "tree_files", "known")] == [1]


@pytest.mark.parametrize(
    ("content", "lines", "complexity"),
    [
        (b"", 0, 0),
        (b"a\n\n  \n\tb\n", 2, 3),
        (b"a\n  b\n    c\n  d\n    e\n", 5, 5 + 1 + 2 + 1 + 2),
        (b"a\n    b\n        c\n", 3, 3 + 1 + 2),
        (b"a\r\n    b\r\n", 2, 3),
    ],
)
def test_every_line_counts_one_and_one_more_for_each_level(content: bytes, lines: int, complexity: int) -> None:
    weight = weighed(content)

    assert weight and (weight.lines, weight.complexity) == (lines, complexity)


def test_names_are_followed_through_every_rename_but_not_into_another_file() -> None:
    renames = [("a", "b"), ("b", "c"), ("x", "y"), ("y", "z")]

    assert names_before(renames, ["c", "x", "z"]) == {"c": ("a", "b"), "z": ("y",)}


def test_the_clock_asks_for_lines_after_a_clone_was_read_and_never_beside_a_reading(
    reworked: Clone, imported: Importing, house: House, ctx: Context
) -> None:
    read, _ = imported(reworked)
    queue = house.queue
    assert isinstance(queue, InlineQueue)
    with ctx.app.session() as session:
        held = work.create(session, ingestion.SyncRun, ctx.workspace.id, ctx.clock(), source_id=read.source_id)
    service.tick(house)
    assert queue.waiting == []

    with ctx.app.session() as session:
        work.cancel(session, ingestion.SyncRun, held.id, ctx.workspace.id, ctx.clock())
    service.tick(house)
    service.tick(house)
    ((task, args),) = queue.waiting
    assert task == "lines"

    service.run(house, *map(str, args))
    assert service.status(ctx)[0].is_complete
    service.tick(house)
    assert len(queue.waiting) == 1


def test_only_a_clone_that_was_read_has_lines_and_one_reading_is_enough(
    reworked: Clone, ctx: Context, imported: Importing
) -> None:
    unread = ingestion.add_git(ctx, reworked.path)
    with pytest.raises(BadInput, match="has not been read yet"):
        service.read(ctx, unread.id)

    read, _ = imported(reworked)
    assert service.request(ctx, read.source_id) == service.request(ctx, read.source_id)
    with pytest.raises(Conflict, match="are being read"):
        service.read(ctx, read.source_id)


def test_the_command_reads_the_lines_of_a_clone_and_says_how_far_they_are(
    reworked: Clone, house: House, ctx: Context, imported: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(reworked, name="app")
    monkeypatch.setattr(out, "ready", lambda: house)

    def ran(*words: str) -> list[dict[str, Any]]:
        result = CliRunner().invoke(assembled(["code"]), ["code", *words, "--workspace", ctx.workspace.slug, "--json"])
        assert result.exit_code == 0, result.output
        found: list[dict[str, Any]] = json.loads(result.output.splitlines()[-1])["rows"]
        return found

    assert [(row["name"], row["state"]) for row in ran("status")] == [("app", "never")]
    (read,) = ran("read", "app")
    assert (read["state"], read["commits_left"], read["known_from"]) == ("complete", 0, None)
    period = ("--from", "2026-02-01", "--to", "2026-03-01")
    assert [row["name"] for row in ran("owners", "--repo", "app", *period)] == ["a.py", "b.py"]
    assert [(row["path"], row["churn"]) for row in ran("hotspots", *period)] == [("a.py", 11)]
    assert ran("mix", "--repo", "app", *period)[0]["language"] == "Python"
