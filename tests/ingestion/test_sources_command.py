"""`sightline sources`, and what `sightline ingest git` says of a second clone."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from core.access import workspaces
from core.bootstrap import House
from core.entrypoints.cli import assembled, out
from tests.ingestion.clones import Clone
from tests.servers import github_data as data
from tests.servers.github_replies import TOKEN, github

Ran = Callable[..., tuple[int, str]]


@pytest.fixture
def ran(house: House, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """`ran("sources", "list")` is the exit code and what was printed."""
    monkeypatch.setattr(out, "ready", lambda: house)

    def run(*words: str, given: str = "") -> tuple[int, str]:
        result = CliRunner().invoke(assembled(list(words)), list(words), input=given)
        return result.exit_code, result.output or repr(result.exception or "")

    return run


def rows(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["rows"]
    return found


@pytest.fixture
def copy(clone: Clone, tmp_path: Path) -> Path:
    clone.commit(files={"a.py": "1\n"})
    subprocess.run(["git", "clone", "-q", str(clone.path), str(tmp_path / "copy")], check=True)
    return tmp_path / "copy"


def test_reading_a_second_clone_says_that_it_counts_twice(ran: Ran, clone: Clone, copy: Path) -> None:
    ran("ingest", "git", str(clone.path), "--name", "app")

    code, text = ran("ingest", "git", str(copy), "--name", "copy", "--json")

    assert code == 0
    assert rows(text)[0]["notes"][0].startswith("'copy' and 'app' are the same history: each of its 1 commits")
    assert ["same history" in row["notes"][0] for row in rows(ran("sources", "list", "--json")[1])] == [True, True]


def test_a_source_is_removed_once_that_was_confirmed(ran: Ran, clone: Clone, copy: Path) -> None:
    ran("ingest", "git", str(clone.path), "--name", "app")
    ran("ingest", "git", str(copy), "--name", "copy")

    code, text = ran("sources", "remove", "copy", given="n\n")
    assert code == 1 and "Nothing was changed." in text
    code, _ = ran("sources", "remove", "copy", "--yes")

    assert code == 0
    assert [row["name"] for row in rows(ran("sources", "list", "--json")[1])] == ["app"]


def test_repositories_are_followed_read_and_shown_by_command(ran: Ran, house: House) -> None:
    workspaces.create(house.app, name="Main", now=house.clock())
    with github(data.repository("acme/api", 3), data.repository("acme/old-site")) as hub:
        code, text = ran(
            "connections", "add", "hub", "github", "-s", f"url={hub.url}", "--secret", "token", given=f"{TOKEN}\n"
        )
        assert code == 0, text
        words = ("sources", "add", "github", "-c", "hub", "-r", "acme/*", "--exclude", "acme/old-*", "--json")

        code, text = ran(*words, "--preview")
        assert code == 0, text
        meant = {row["repository"]: row["state"] for row in rows(text)}
        code, text = ran(*words)

        assert meant == {"acme/api": "will be followed", "acme/old-site": "left out by acme/old-*"}
        assert code == 0 and rows(text)[0]["brought"].startswith("6 pr commits, 3 pull requests")
        (shown,) = rows(ran("sources", "list", "--json")[1])
        assert (shown["name"], shown["kind"], shown["state"]) == ("acme/api", "github", "success")
        assert rows(ran("sources", "show", "acme/api", "--json")[1])[0]["runs"][0]["state"] == "success"
        hub.put(data.repository("acme/new", 1))
        assert [row["name"] for row in rows(ran("sources", "sync", "--json")[1])] == ["acme/api", "acme/new"]
        assert rows(ran("sources", "patterns", "--json")[1])[0]["left_out"] == ["acme/old-*"]
        assert ran("sources", "patterns", "--forget", "hub")[0] == 0
        assert "No pattern is kept" in ran("sources", "patterns")[1]
        assert "is an account of GitHub" in ran("sources", "add", "gitlab", "-c", "hub", "-r", "a/b")[1]
