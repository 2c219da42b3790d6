"""What is read of each commit, beside what git itself says of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.people.identities import identity_id
from tests.ingestion import clones
from tests.ingestion.clones import ADA, BOB, Clone
from tests.ingestion.conftest import Importing

ADA_ID, BOB_ID = identity_id("ada@example.org", ""), identity_id("bob@example.org", "")


def test_commits_by_author_and_lines_are_what_git_counts(clone: Clone, imported: Importing) -> None:
    clone.commit(files={"a.py": "1\n2\n3\n", "logo.png": b"\0\1\2"})
    clone.commit(files={"a.py": "1\n3\n4\n5\n", "package-lock.json": "{\n}\n"}, author=BOB)
    clone.git("switch", "-q", "-c", "side")
    clone.commit(files={"b.py": "b\n" * 20}, author="BOB <Bob@Example.org>")
    clone.git("switch", "-q", "main")
    clone.commit(files={"c.py": "c\n"})
    clone.merge("Merge branch 'side'", "side")

    read, result = imported(clone)

    assert result.commits_added == 5
    assert read.by_email() == clone.shortlog()
    assert read.lines() == clone.lines()


def test_a_mailmap_is_honoured_in_all_four_forms(clone: Clone, imported: Importing) -> None:
    clone.commit(author="a <ada@example.org>")
    clone.commit(author="Bob <bob@home>")
    clone.commit(author="Grace <grace@old.example>")
    clone.commit(author="root <root@localhost>")
    clone.commit(author="Linus <root@localhost>")
    clone.commit(files={".mailmap": (
        "Ada Lovelace <ada@example.org>\n"
        "<bob@example.org> <bob@home>\n"
        "Grace Hopper <grace@example.org> <grace@old.example>\n"
        "Linus T <linus@example.org> Linus <root@localhost>\n"
    )})  # fmt: skip

    read, _ = imported(clone)

    assert {(row["author_name"], row["author_email"]) for row in read.rows()} == {
        ("Ada Lovelace", "ada@example.org"), ("Bob", "bob@example.org"), ("Grace Hopper", "grace@example.org"),
        ("root", "root@localhost"), ("Linus T", "linus@example.org"),
    }  # fmt: skip
    assert read.by_email() == clone.shortlog()


def test_a_changed_mailmap_gives_old_commits_to_their_new_author(clone: Clone, imported: Importing) -> None:
    clone.commit(author="a <old@example.org>")
    imported(clone)
    clone.commit(files={".mailmap": "Ada Lovelace <ada@example.org> <old@example.org>\n"})

    read, _ = imported(clone)

    assert read.by_email() == clone.shortlog() == {"ada@example.org": 2}


def test_a_bare_repository_reads_the_mailmap_of_its_head(clone: Clone, imported: Importing, tmp_path: Path) -> None:
    clone.commit(author="a <old@example.org>", files={".mailmap": "Ada Lovelace <ada@example.org> <old@example.org>\n"})
    clone.git("clone", "-q", "--bare", str(clone.path), str(tmp_path / "bare.git"))

    read, _ = imported(Clone(tmp_path / "bare.git"))

    assert read.by_email() == {"ada@example.org": 1}


def test_an_octopus_is_a_merge_without_lines(clone: Clone, imported: Importing) -> None:
    clone.commit(files={"a": "a\n"})
    for name in ("one", "two"):
        clone.git("switch", "-q", "-c", name, "main")
        clone.commit(files={name: "x\n"})
    clone.git("switch", "-q", "main")
    clone.commit(files={"b": "b\n"})
    sha = clone.merge("Merge branches 'one' and 'two'", "one", "two")

    row = imported(clone)[0].commit(sha)

    assert (row["parents"], row["is_merge"], row["additions"], row["files"]) == (3, 1, 0, 0)


def test_a_rename_counts_only_its_changed_lines(clone: Clone, imported: Importing) -> None:
    clone.commit(files={"old name.py": "line\n" * 20})
    clone.git("mv", "old name.py", "new\tname.py")
    sha = clone.commit(files={"new\tname.py": "line\n" * 20 + "more\n"})

    files = imported(clone)[0].files(sha)

    assert files["new\tname.py"]["old_path"] == "old name.py"
    assert (files["new\tname.py"]["additions"], files["new\tname.py"]["deletions"]) == (1, 0)


def test_a_binary_file_counts_as_a_file_and_no_lines(clone: Clone, imported: Importing) -> None:
    sha = clone.commit(files={"logo.png": b"\x89PNG\0\0"})

    read, _ = imported(clone)

    assert (read.commit(sha)["files"], read.commit(sha)["additions"]) == (1, 0)
    assert read.files(sha)["logo.png"]["is_binary"] == 1


@pytest.mark.parametrize(
    "path",
    ["package-lock.json",
     "web/yarn.lock", "go.sum", "js/app.min.js", "vendor/x/y.go", "api/user_pb2.py",
     "third_party/a.c"],
)  # fmt: skip
def test_lines_of_generated_and_vendored_files_are_kept_apart(path: str, clone: Clone, imported: Importing) -> None:
    sha = clone.commit(files={path: "x\n" * 7, "src/a.py": "a\n"})

    row = imported(clone)[0].commit(sha)

    assert (row["additions"], row["files"], row["generated_additions"], row["generated_files"]) == (1, 1, 7, 1)


def test_gitattributes_win_over_well_known_names(clone: Clone, imported: Importing) -> None:
    rules = "*.gen.py linguist-generated\n/docs/** linguist-vendored=true\nvendor/ours/** -linguist-vendored\n"
    sha = clone.commit(
        files={
            ".gitattributes": rules, "deep/x.gen.py": "1\n", "docs/a/b.md": "1\n", "vendor/ours/a.py": "1\n",
            "vendor/theirs/a.py": "1\n", "sub/.gitattributes": "*.txt linguist-generated=true\n", "sub/a.txt": "1\n",
            "a.txt": "1\n",
        }
    )  # fmt: skip

    files = imported(clone)[0].files(sha)

    made = {path for path, row in files.items() if row["generated"]}
    assert made == {"deep/x.gen.py", "docs/a/b.md", "vendor/theirs/a.py", "sub/a.txt"}


@pytest.mark.parametrize(
    ("path", "language"),
    [("a.py", "Python"), ("a.pyi", "Python"), ("x/Makefile", "Makefile"), ("a.h", "C"), ("a.tsx", "TypeScript"),
     ("a.c++", "C++"), ("a.yml", "YAML"), ("Dockerfile", "Dockerfile"), ("a.rs", "Rust"), ("a.unknown", "")],
)  # fmt: skip
def test_a_file_has_the_language_of_its_name(path: str, language: str) -> None:
    from core.ingestion.sources.git.languages import language as named

    assert named(path) == language


def test_messages_and_names_that_are_no_utf8_are_read(clone: Clone, imported: Importing) -> None:
    declared = clone.commit()
    tree = clone.git("rev-parse", "HEAD^{tree}")
    who = "Ren\xe9 <rene@example.org> 1700009000 +0100"
    declared = clone.raw_commit(
        f"tree {tree}\nparent {declared}\nauthor {who}\ncommitter {who}\nencoding ISO-8859-1\n\nCaf\xe9\n".encode(
            "latin-1"
        )
    )
    silent = clone.raw_commit(
        f"tree {tree}\nparent {declared}\nauthor {who}\ncommitter {who}\n\nNa\xefve\n".encode("latin-1")
    )

    read, _ = imported(clone)

    assert (read.commit(declared)["subject"], read.commit(declared)["author_name"]) == ("Café", "René")
    assert read.commit(silent)["subject"] == "Naïve"


def test_control_characters_in_a_message_do_not_confuse_the_reader(clone: Clone, imported: Importing) -> None:
    sha = clone.commit("Odd\x1e\x1f \\ tab\there\n\n5\t3\tnot-a-file\n.end\n")
    empty = clone.commit("")

    read, _ = imported(clone)

    assert read.commit(sha)["subject"] == "Odd\x1e\x1f \\ tab\there"
    assert read.commit(empty)["subject"] == ""


@pytest.mark.parametrize(
    ("date", "stored"),
    [
        ("0 +0000", datetime(1970, 1, 1, tzinfo=UTC)),
        ("9999999999 +0000", datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC)),
        ("1700000000 +9999", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("1900000000 +0000", datetime(2030, 3, 17, 17, 46, 40, tzinfo=UTC)),
    ],
)
def test_a_date_out_of_range_is_held_in_range_and_marked(
    date: str, stored: datetime, clone: Clone, imported: Importing
) -> None:
    clone.commit()
    tree, parent = clone.git("rev-parse", "HEAD^{tree}"), clone.head()
    sha = clone.raw_commit(
        f"tree {tree}\nparent {parent}\nauthor A <a@b.org> {date}\n"
        f"committer A <a@b.org> 1700009000 +0000\n\nOdd\n".encode()
    )

    read, result = imported(clone)

    assert read.commit(sha)["authored_at"].replace(tzinfo=UTC) == stored
    assert (read.commit(sha)["date_suspect"], read.commit(sha)["author_offset"]) == (1, 0)
    assert any("Dates that cannot be right: 1" in note for note in result.notes)


def test_the_authors_own_offset_keeps_its_half_hour(clone: Clone, imported: Importing) -> None:
    sha = clone.commit(at="1700000000 +0530")

    row = imported(clone)[0].commit(sha)

    assert (row["author_offset"], row["date_suspect"]) == (330, 0)


def test_trailers_name_co_authors_and_reviewers(clone: Clone, imported: Importing) -> None:
    sha = clone.commit(
        "Add it\n\nCo-authored-by: Bob Martin <bob@example.org>\nCo-Authored-By: Ada <ada@example.org>\n"
        "Reviewed-by: Grace Hopper <grace@example.org>\nTested-by: Tess <tess@example.org>\n"
    )

    read, _ = imported(clone)

    grace, tess = identity_id("grace@example.org", ""), identity_id("tess@example.org", "")
    assert read.commit(sha)["co_author_ids"] == [BOB_ID]
    assert read.commit(sha)["reviewer_ids"] == sorted([grace, tess])
    assert {row["reviewer_id"]: row["state"] for row in read.rows("reviews")} == {grace: "approved", tess: "commented"}


def test_whom_a_trailer_names_by_an_old_address_is_who_the_mailmap_says(clone: Clone, imported: Importing) -> None:
    clone.commit(files={".mailmap": "Bob Martin <bob@example.org> <bob@old.example>\nBob Martin <bob@example.org> B\n"})
    sha = clone.commit(
        'Add it\n\nCo-authored-by: Bobby <BOB@old.example>\nReviewed-by: Bob "B" M <bob@old.example>\n'
        "Acked-by: Only A Name\nTested-by: <tess@example.org>\nReviewed-by: Zoë > Z <zoe@example.org>\n"
    )
    own = clone.commit("Mine\n\nReviewed-by: Bob <bob@old.example>\n", author=BOB)

    read, _ = imported(clone)

    named = [identity_id("", "Only A Name"), identity_id("tess@example.org", ""), identity_id("zoe@example.org", "")]
    assert read.commit(sha)["co_author_ids"] == [BOB_ID]
    assert read.commit(sha)["reviewer_ids"] == sorted([BOB_ID, *named])
    assert read.commit(own)["reviewer_ids"] == []
    trailer = clone.git("shortlog", "-se", "--group=trailer:co-authored-by", "HEAD")
    assert trailer.split("\t")[1] == BOB


@pytest.mark.parametrize(
    ("message", "kind", "breaking"),
    [
        ("feat(api): add", "feat", 0), ("fix!: drop", "fix", 1), ("Note: this is no kind", "", 0),
        ("chore: x\n\nBREAKING CHANGE: gone", "chore", 1), ("refactor(a)!: y", "refactor", 1), ("Fix it", "", 0),
    ],
)  # fmt: skip
def test_the_conventional_kind_and_a_breaking_change_are_told(
    message: str, kind: str, breaking: int, clone: Clone, imported: Importing
) -> None:
    sha = clone.commit(message)

    row = imported(clone)[0].commit(sha)

    assert (row["kind"], row["breaking"]) == (kind, breaking)


def test_a_revert_names_what_it_reverts(clone: Clone, imported: Importing) -> None:
    first = clone.commit("Add a", {"a": "a\n"})
    clone.git("revert", "--no-edit", first)

    row = imported(clone)[0].commit(clone.head())

    assert (row["kind"], row["reverts"]) == ("revert", first)


def test_a_merged_pull_request_knows_its_commits(clone: Clone, imported: Importing) -> None:
    clone.commit(files={"a": "a\n"})
    clone.git("switch", "-q", "-c", "topic")
    first = clone.commit("One", {"b": "1\n2\n"}, author=BOB)
    clone.commit("Two", {"b": "1\n2\n3\n", "yarn.lock": "x\n"})
    clone.git("switch", "-q", "main")
    clone.commit(files={"c": "c\n"})
    merge = clone.merge("Merge pull request #12 from acme/topic\n\nGive it b", "topic")

    read, _ = imported(clone)

    (pull,) = read.rows("pull_requests")
    assert (pull["number"], pull["title"], pull["head_branch"], pull["merge_sha"]) == (
        12,
        "Give it b",
        "acme/topic",
        merge,
    )
    assert (pull["author_id"], pull["merged_by_id"], pull["commits"]) == (BOB_ID, ADA_ID, 2)
    assert (pull["additions"], pull["deletions"], pull["files"]) == (3, 0, 2)
    assert pull["first_commit_at"] == read.commit(first)["authored_at"]
    assert (pull["state"], pull["source"], pull["approximate"]) == ("merged", "git", 1)
    assert len(read.rows("pr_commits")) == 2


def test_a_squashed_pull_request_is_told_by_its_subject(clone: Clone, imported: Importing) -> None:
    clone.commit()
    sha = clone.commit("Give it c (#34)", {"c": "1\n"}, author=BOB, committer="GitHub <noreply@github.com>")

    read, _ = imported(clone)

    (pull,) = read.rows("pull_requests")
    assert (pull["number"], pull["title"], pull["author_id"], pull["merge_sha"]) == (34, "Give it c", BOB_ID, sha)
    assert (pull["first_commit_at"], pull["merged_by_id"], pull["additions"]) == (None, 0, 1)


def test_a_merge_request_of_gitlab_is_told_by_its_body(clone: Clone, imported: Importing) -> None:
    clone.commit()
    clone.git("switch", "-q", "-c", "fix-it")
    clone.commit("Fix", {"a": "1\n"}, author=BOB)
    clone.git("switch", "-q", "main")
    clone.commit(files={"b": "b\n"})
    clone.merge("Merge branch 'fix-it' into 'main'\n\nFix it well\n\nSee merge request acme/app!56", "fix-it")

    (pull,) = imported(clone)[0].rows("pull_requests")

    assert (pull["number"], pull["title"], pull["base_branch"], pull["commits"]) == (56, "Fix it well", "main", 1)


def test_a_pull_request_inside_another_keeps_its_own_commits(clone: Clone, imported: Importing) -> None:
    clone.commit()
    clone.git("switch", "-q", "-c", "develop")
    clone.git("switch", "-q", "-c", "topic")
    inner = clone.commit(files={"t": "1\n"})
    clone.git("switch", "-q", "develop")
    outer = clone.commit(files={"d": "1\n"})
    clone.merge("Merge pull request #1 from acme/topic", "topic")
    clone.git("switch", "-q", "main")
    clone.commit(files={"m": "1\n"})
    clone.merge("Merge pull request #2 from acme/develop", "develop")

    read, _ = imported(clone)

    assert (read.commit(inner)["pr_number"], read.commit(outer)["pr_number"]) == (1, 2)


def test_a_repository_with_long_names_is_read(tmp_path: Path, imported: Importing) -> None:
    clone = clones.new(tmp_path / "long", "--object-format=sha256")
    sha = clone.commit(files={"a.py": "1\n"}, author=ADA)

    assert len(sha) == 64
    assert imported(clone)[0].commit(sha)["additions"] == 1
