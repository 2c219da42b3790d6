"""Branches that were merged without a number: which of them are pull requests, and which are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.access import workspaces
from core.base.pulls import UNNUMBERED
from core.bootstrap import House
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import Context
from core.ingestion.sources.git.history import Told
from core.people import service as people
from tests.ingestion.clones import ADA, BOB, Clone
from tests.ingestion.conftest import Importing
from tests.ingestion.test_syncing import fresh

ALWAYS = Scope(period=None)


def branch(clone: Clone, name: str, *, author: str = BOB, since: str = "main", commits: int = 1) -> list[str]:
    """A branch with commits of its own; main is checked out afterwards, with a commit that the branch lacks."""
    clone.git("switch", "-q", "-c", name, since)
    made = [clone.commit(f"{name} {number}", {f"{name}{number}": "1\n"}, author=author) for number in range(commits)]
    clone.git("switch", "-q", "main")
    clone.commit(f"Meanwhile {name}", {f"meanwhile-{name}": "1\n"})
    return made


def a_history(clone: Clone) -> dict[str, str]:
    """Ten merges and a squashed commit, five pull requests; the three merges among them that tell no number."""
    clone.commit("Begin", {"a": "a\n"})
    pulls: dict[str, str] = {}

    branch(clone, "topic", commits=2)
    pulls["topic"] = clone.merge("Merge branch 'topic'\n\nGive it a topic", "topic")

    branch(clone, "feature")
    clone.git("switch", "-q", "feature")
    clone.merge("Merge branch 'main' into feature", "main")
    branch(clone, "helper", since="feature", author=ADA)
    clone.git("switch", "-q", "feature")
    clone.merge("Merge branch 'helper' into feature", "helper")
    clone.git("switch", "-q", "main")
    pulls["feature"] = clone.merge("Merge branch 'feature' into main", "feature")

    branch(clone, "theirs", author=ADA)
    clone.merge("Merge branch 'main' of git.example.org:acme/app", "theirs")
    branch(clone, "again", author=ADA)
    clone.merge("Merge remote-tracking branch 'origin/master'", "again")

    branch(clone, "fix/it")
    pulls["fix/it"] = clone.merge("Merge remote-tracking branch 'origin/fix/it'\n\nConflicts:\n\ta", "fix/it")

    branch(clone, "numbered")
    clone.merge("Merge pull request #9 from acme/numbered", "numbered")

    clone.git("switch", "-q", "-c", "sprint")
    clone.commit("Squashed (#7)", {"squashed": "1\n"}, author=BOB)
    clone.git("switch", "-q", "main")
    clone.commit("Meanwhile sprint", {"m": "1\n"})
    clone.merge("Merge branch 'sprint'", "sprint")

    branch(clone, "2.3.x", author=ADA)
    clone.merge("Merge branch '2.3.x'", "2.3.x")
    return pulls


def test_a_branch_merged_into_the_trunk_is_one_approximate_pull_request(clone: Clone, imported: Importing) -> None:
    pulls = a_history(clone)

    rows = {row["merge_sha"]: row for row in imported(clone)[0].rows("pull_requests")}

    own = {sha: row for sha, row in rows.items() if row["number"] >= UNNUMBERED}
    assert {row["number"] for row in rows.values()} - {row["number"] for row in own.values()} == {7, 9}
    assert {row["head_branch"]: sha for sha, row in own.items()} == pulls
    assert all((row["source"], row["approximate"], row["base_branch"]) == ("git", 1, "main") for row in own.values())
    # The branch feature brought its own commit and the helper's; what it took from main is main's.
    assert {row["head_branch"]: row["commits"] for row in own.values()} == {"topic": 2, "feature": 2, "fix/it": 1}
    assert rows[pulls["topic"]]["title"] == "Give it a topic"
    assert rows[pulls["fix/it"]]["title"] == "Merge remote-tracking branch 'origin/fix/it'"
    assert rows[pulls["feature"]]["title"] == "Merge branch 'feature' into main"


def test_merged_branches_are_counted_once_for_whoever_began_them(
    clone: Clone, imported: Importing, ctx: Context, house: House
) -> None:
    a_history(clone)
    imported(clone)
    imported(clone)
    here = house.context(workspaces.find(house.app, ctx.workspace.id))

    rows = catalogue.measure(here, ["prs_merged"], ALWAYS, ["person"])

    bob = people.person(here, "bob@example.org").id
    # topic, feature, fix/it, #9 and #7: all began with a commit of Bob's.
    assert rows.get("prs_merged", bob).value == 5
    assert catalogue.explain(here, "prs_merged", ALWAYS).value.value == 5
    shown = catalogue.evidence(here, "prs_merged", ALWAYS)
    numbers = [row[[column.key for column in shown.cols].index("number")] for row in shown.rows]
    assert sorted(numbers, key=str) == [7, 9, None, None, None]


def test_reading_merges_step_by_step_gives_the_tables_of_reading_at_once(
    clone: Clone, imported: Importing, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge = Clone.merge

    def and_read(self: Clone, message: str, *branches: str) -> str:
        sha = merge(self, message, *branches)
        if self.git("symbolic-ref", "--short", "HEAD") == "main":
            imported(self)
        return sha

    monkeypatch.setattr(Clone, "merge", and_read)
    a_history(clone)

    assert imported(clone)[0].everything() == fresh(house, clone)


def test_a_merge_into_a_branch_that_became_the_trunk_is_none(clone: Clone, imported: Importing) -> None:
    clone.commit("Begin", {"a": "a\n"})
    clone.git("switch", "-q", "-c", "feature")
    branch(clone, "helper", since="feature")
    clone.git("switch", "-q", "feature")
    clone.commit("On it", {"f": "1\n"})
    clone.merge("Merge branch 'helper' into feature", "helper")
    clone.git("switch", "-q", "main")
    clone.git("reset", "-q", "--hard", "feature")

    assert imported(clone)[0].rows("pull_requests") == []


def test_merges_into_the_branch_that_was_chosen_count(clone: Clone, imported: Importing) -> None:
    clone.commit("Begin", {"a": "a\n"})
    clone.git("switch", "-q", "-c", "develop")
    branch(clone, "topic", since="develop")
    clone.git("switch", "-q", "develop")
    clone.commit("On it", {"d": "1\n"})
    clone.merge("Merge branch 'topic' into develop", "topic")
    clone.merge("Merge branch 'main' into develop", "main")
    clone.git("switch", "-q", "main")

    assert imported(clone)[0].rows("pull_requests") == []
    (pull,) = imported(clone, branch="develop")[0].rows("pull_requests")

    assert (pull["head_branch"], pull["base_branch"], pull["commits"]) == ("topic", "develop", 1)


def test_what_lies_behind_a_pull_of_the_trunk_is_the_trunk_too(
    clone: Clone, imported: Importing, tmp_path: Path
) -> None:
    clone.commit("Begin", {"a": "a\n"})
    clone.git("branch", "mine")
    branch(clone, "topic")
    merge = clone.merge("Merge branch 'topic' into main", "topic")
    clone.git("switch", "-q", "mine")
    clone.commit("Of mine", {"mine": "1\n"})
    clone.merge("Merge branch 'main' of git.example.org:acme/app", "main")
    clone.git("switch", "-q", "main")
    clone.git("reset", "-q", "--hard", "mine")

    (pull,) = imported(clone)[0].rows("pull_requests")

    assert (pull["merge_sha"], pull["commits"]) == (merge, 1)


@pytest.mark.parametrize(
    ("head", "base", "is_pull"),
    [
        ("topic", "", True), ("topic", "main", True), ("topic", "master", True), ("123-fix-login", "", True),
        ("hotfix/1.2.1", "", True), ("jane-devel", "", True), ("stability", "", True), ("topic", "feature", False),
        ("main", "", False), ("master", "topic", False), ("2.3.x", "", False), ("v1.20", "", False),
        ("0.10-maintenance", "", False), ("stable", "", False), ("release/2.0", "", False), ("develop", "", False),
        ("1.x", "main", False),
    ],
)  # fmt: skip
def test_branches_that_go_on_beside_the_trunk_are_told_from_topics(head: str, base: str, is_pull: bool) -> None:
    told = Told()

    told.hear(b"1" * 40, head, base, "main")

    assert bool(told.joined) is is_pull


def test_reviewers_that_a_merge_names_stand_by_the_merge(clone: Clone, imported: Importing) -> None:
    clone.commit("Begin", {"a": "a\n"})
    branch(clone, "topic")
    merge = clone.merge("Merge branch 'topic'\n\nReviewed-by: Cem Kaya <cem@example.org>", "topic")

    (review,) = imported(clone)[0].rows("reviews")

    assert (review["pr_number"], review["review_key"].split(":")[0]) == (0, merge)
