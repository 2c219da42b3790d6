"""What cannot be read: a clear sentence, and nothing half-written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.base.errors import BadInput, NotAllowed, SourceUnreachable
from core.context import Context
from core.ingestion import service
from core.ingestion.sources.git.repository import without_password
from tests.ingestion import clones
from tests.ingestion.clones import Clone
from tests.ingestion.conftest import Importing, Read


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/nowhere/at/all", "There is no folder '/nowhere/at/all'"),
        ("{tmp}", "is no git repository. Give a folder that has a .git inside"),
        ("{tmp}/file", "is a file"),
        ("--upload-pack=touch /tmp/x", "begins with a dash"),
        ("https://me:secret@github.com/acme/app", "'https://github.com/acme/app' is an address"),
        ("", "Give the path of a git repository"),
    ],
)
def test_a_path_that_is_no_repository_is_refused(path: str, sentence: str, ctx: Context, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BadInput) as refused:
        service.add_git(ctx, path.format(tmp=tmp_path))

    assert sentence in refused.value.message
    assert service.sources(ctx) == []


@pytest.mark.parametrize("since", ["1900-01-01", "2999-01-01"])
def test_a_first_day_that_git_would_take_for_another_is_refused(since: str, clone: Clone, ctx: Context) -> None:
    clone.commit()

    with pytest.raises(BadInput, match="Leave the first day out to read everything"):
        service.add_git(ctx, clone.path, since=since)

    assert service.sources(ctx) == []


def test_an_address_typed_as_a_path_is_called_an_address(tmp_path: Path) -> None:
    words = [str(Path(sys.executable).parent / "sightline"), "ingest", "git", "https://github.com/acme/app"]

    done = subprocess.run(
        words, check=False, capture_output=True, text=True, env={**os.environ, "SIGHTLINE_HOME": str(tmp_path / "home")}
    )

    assert "'https://github.com/acme/app' is an address" in done.stderr
    assert done.returncode == 2


def test_a_metrics_store_that_is_away_is_one_sentence_and_nothing_beside(tmp_path: Path) -> None:
    away = {"SIGHTLINE_HOME": str(tmp_path), "SIGHTLINE_METRICS_URL": "clickhouse://default@127.0.0.1:9/default"}
    words = [str(Path(sys.executable).parent / "sightline"), "workspaces", "list", "--json"]

    done = subprocess.run(words, check=False, capture_output=True, text=True, env={**os.environ, **away})

    assert done.stderr.startswith("The metrics store does not answer.") and done.stderr.count("\n") == 1
    assert (done.returncode, done.stdout) == (8, "")


def test_a_branch_that_is_not_there_is_refused_with_the_nearest(clone: Clone, ctx: Context) -> None:
    clone.commit()

    with pytest.raises(BadInput, match=r"no branch named 'mian'\. Did you mean 'main'"):
        service.add_git(ctx, clone.path, branch="mian")


def test_a_day_that_is_none_is_refused(clone: Clone, ctx: Context) -> None:
    with pytest.raises(BadInput, match="'yesterday' is no date"):
        service.add_git(ctx, clone.path, since="yesterday")


def test_an_empty_repository_is_no_error_and_says_so(clone: Clone, imported: Importing) -> None:
    read, result = imported(clone)

    assert "has no commits yet" in result.notes[0]
    assert read.rows() == []
    clone.commit()
    assert imported(clone)[1].commits_added == 1


def test_a_corrupt_object_is_named_and_leaves_nothing(clone: Clone, ctx: Context) -> None:
    for number in range(4):
        clone.commit(files={"a.py": f"{number}\n" * 50})
    broken = clone.git("rev-parse", "HEAD~2:a.py")
    path = clone.path / ".git" / "objects" / broken[:2] / broken[2:]
    path.chmod(0o644)
    path.write_bytes(b"no object at all")
    source = service.add_git(ctx, clone.path)

    with pytest.raises(SourceUnreachable) as refused:
        service.sync(ctx, source.id)

    assert broken in refused.value.message
    assert "git fsck" in refused.value.message
    assert not any(Read(ctx, source.id).everything().values())
    (run,) = service.runs(ctx)
    assert (run.status, run.error, run.fault) == ("failed", refused.value.message, "system")


def test_a_partial_clone_says_what_it_is_and_how_to_complete_it(tmp_path: Path, imported: Importing) -> None:
    origin = clones.new(tmp_path / "origin")
    origin.commit(files={"a.txt": "one\n"})
    origin.git("config", "uploadpack.allowFilter", "true")
    words = ("clone", "-q", "--no-checkout", "--filter=blob:none")
    origin.git(*words, f"file://{origin.path}", str(tmp_path / "partial"))

    with pytest.raises(SourceUnreachable, match=r"partial clone.*--refetch"):
        imported(Clone(tmp_path / "partial"))


def test_a_repaired_repository_is_read_whole(clone: Clone, ctx: Context) -> None:
    clone.commit(files={"a.py": "1\n"})
    clone.commit(files={"a.py": "1\n2\n"})
    lost = clone.git("rev-parse", "HEAD~1:a.py")
    path = clone.path / ".git" / "objects" / lost[:2] / lost[2:]
    whole = path.read_bytes()
    path.unlink()
    source = service.add_git(ctx, clone.path)
    with pytest.raises(SourceUnreachable):
        service.sync(ctx, source.id)
    path.write_bytes(whole)

    service.sync(ctx, source.id)

    assert Read(ctx, source.id).lines() == (2, 0)


def test_a_folder_that_vanished_fails_its_run_with_a_sentence(clone: Clone, ctx: Context) -> None:
    clone.commit()
    source = service.add_git(ctx, clone.path)
    shutil.rmtree(clone.path)

    with pytest.raises(BadInput, match="There is no folder"):
        service.sync(ctx, source.id)

    assert service.source(ctx, source.id).status == "failed"


def test_an_unreadable_folder_is_told_by_the_command(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    clones.new(locked).commit()
    done = as_nobody(
        tmp_path, locked,
        "from core.ingestion.sources.git.repository import opened\n"
        "from core.base.errors import SightlineError\n"
        "try: opened(sys.argv[1])\n"
        "except SightlineError as error: print(type(error).__name__, error.message)\n",
    )  # fmt: skip

    assert "SourceUnreachable" in done
    assert "cannot be read. Give the user that runs Sightline read access" in done


def as_nobody(tmp_path: Path, locked: Path, script: str) -> str:
    """What a script prints when its user may not enter the folder."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == locked.owner() and folder.is_relative_to("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055) if str(folder) != "/tmp" else None
    locked.chmod(0o000 if os.getuid() else 0o700)
    drop = "import os, sys\nif os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    imports = "from core.ingestion.sources.git import repository\n"
    try:
        done = subprocess.run(
            [sys.executable, "-c", f"import sys\n{imports}{drop}{script}", str(locked)],
            check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
    finally:
        locked.chmod(0o755)
    return done.stdout + done.stderr


def test_nothing_that_the_repository_configures_is_run(clone: Clone, imported: Importing, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch {trap}\ncat\n")
    script.chmod(0o755)
    clone.commit(files={"a.py": "1\n", ".gitattributes": "*.py diff=trap filter=trap\n"})
    for name in ("core.fsmonitor", "core.pager", "diff.external", "diff.trap.textconv", "diff.trap.command",
                 "core.sshCommand", "filter.trap.smudge", "gpg.program"):  # fmt: skip
        clone.git("config", name, str(script))
    clone.git("config", "log.showSignature", "true")

    imported(clone)

    assert not trap.exists()


def test_a_member_may_not_add_or_read_sources(clone: Clone, acting: Callable[[str], Context]) -> None:
    with pytest.raises(NotAllowed):
        service.add_git(acting("member"), clone.path)
    with pytest.raises(NotAllowed):
        service.sources(acting("viewer"))


def test_addresses_are_kept_without_their_password() -> None:
    assert without_password("https://me:secret@example.org/a.git") == "https://example.org/a.git"
    assert without_password("git@example.org:a.git") == "git@example.org:a.git"


def test_the_command_reads_and_says_what_it_could_not(clone: Clone, tmp_path: Path) -> None:
    clone.commit(files={"a.py": "1\n"})
    words = [str(Path(sys.executable).parent / "sightline"), "ingest", "git", str(clone.path), str(tmp_path), "--json"]

    done = subprocess.run(
        words, check=False, capture_output=True, text=True, env={**os.environ, "SIGHTLINE_HOME": str(tmp_path / "home")}
    )

    rows = json.loads(done.stdout)["rows"]
    assert [(row["value"], row["state"]) for row in rows] == [(1, "read"), (None, "failed")]
    assert "is no git repository" in done.stderr
    assert done.returncode == 3
