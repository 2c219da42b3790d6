"""Two clones of one repository, or a fork, count twice: it is said, with a count and with what to do."""

from __future__ import annotations

import subprocess
from pathlib import Path

from core.context import Context
from core.ingestion import overlaps, service
from tests.ingestion import clones
from tests.ingestion.clones import Clone
from tests.ingestion.conftest import Importing
from tests.ingestion.test_sources_page import Opened, opened

__all__ = ["opened"]

COMMITS = "SELECT count() FROM commits FINAL WHERE workspace_id = {w:String}"
REST = "SELECT count() FROM {table} FINAL WHERE workspace_id = {{w:String}} AND repo_id = {{r:String}}"


def cloned(clone: Clone, to: Path) -> Clone:
    subprocess.run(["git", "clone", "-q", str(clone.path), str(to)], check=True)
    return Clone(to, hour=100)


def said(ctx: Context) -> dict[str, str]:
    """The first sentence of each source."""
    return {one.name: one.sentence.split(". ")[0] for one in overlaps.found(ctx)}


def test_a_second_clone_of_a_repository_is_named(
    clone: Clone, ctx: Context, imported: Importing, tmp_path: Path
) -> None:
    for number in range(3):
        clone.commit(files={"a.py": f"{number}\n"})
    imported(clone, name="app")
    imported(cloned(clone, tmp_path / "copy"), name="copy")

    (one, other) = overlaps.found(ctx)

    assert (one.shared, one.own, one.others) == (3, 3, 3) == (other.shared, other.own, other.others)
    assert said(ctx) == {
        "app": "'app' and 'copy' are the same history: each of its 3 commits counts twice",
        "copy": "'copy' and 'app' are the same history: each of its 3 commits counts twice",
    }
    assert one.sentence.endswith("Remove one of the two, or choose one under Repositories to see its numbers alone.")


def test_a_fork_is_named_with_the_commits_that_both_have(
    clone: Clone, ctx: Context, imported: Importing, tmp_path: Path
) -> None:
    clone.commit(files={"a.py": "1\n"})
    clone.commit(files={"a.py": "2\n"})
    fork = cloned(clone, tmp_path / "fork")
    fork.commit(files={"b.py": "1\n"})
    imported(clone, name="app")
    imported(fork, name="fork")

    assert said(ctx) == {
        "app": "All 2 commits of 'app' are in 'fork' too, and count twice",
        "fork": "'fork' shares 2 of its 3 commits with 'app': they count twice",
    }


def test_repositories_of_their_own_share_nothing(
    clone: Clone, ctx: Context, imported: Importing, tmp_path: Path
) -> None:
    clone.commit(files={"a.py": "1\n"})
    other = clones.new(tmp_path / "other")
    other.commit(files={"b.py": "1\n"})
    imported(clone)
    imported(other)

    assert overlaps.found(ctx) == []


def test_removing_one_of_two_clones_ends_the_double_count_and_leaves_none_of_its_rows(
    clone: Clone, ctx: Context, imported: Importing, tmp_path: Path
) -> None:
    clone.commit(files={"a.py": "1\n"})
    clone.commit("Merge pull request #7 from x/y", files={"a.py": "2\n"})
    imported(clone, name="app")
    copy, _ = imported(cloned(clone, tmp_path / "copy"), name="copy")
    assert ctx.metrics.scalar(COMMITS, {"w": ctx.workspace.id}) == 4

    service.remove(ctx, copy.source_id)

    assert ctx.metrics.scalar(COMMITS, {"w": ctx.workspace.id}) == 2
    assert overlaps.found(ctx) == []
    for table in ("commits", "commit_files", "pull_requests", "pr_commits", "reviews"):
        asked = {"w": ctx.workspace.id, "r": copy.repo_id}
        assert ctx.metrics.scalar(REST.format(table=table), asked) == 0, table


def test_the_page_says_it_on_both_cards_and_no_more_once_one_is_removed(
    opened: Opened, clone: Clone, imported: Importing, tmp_path: Path
) -> None:
    clone.commit(files={"a.py": "1\n"})
    imported(clone, name="app")
    copy, _ = imported(cloned(clone, tmp_path / "copy"), name="copy")

    page = opened()
    assert ["same history" in one.value for one in page.warning] == [True, True]

    page.button(key=f"remove_{copy.source_id}").click().run()
    assert not page.warning and not page.exception
