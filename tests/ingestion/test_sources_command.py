"""`sightline sources`, and what `sightline ingest git` says of a second clone."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from core.bootstrap import House
from core.entrypoints.cli import assembled, out
from tests.ingestion.clones import Clone

Ran = Callable[..., tuple[int, str]]


@pytest.fixture
def ran(house: House, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """`ran("sources", "list")` is the exit code and what was printed."""
    monkeypatch.setattr(out, "ready", lambda: house)

    def run(*words: str, given: str = "") -> tuple[int, str]:
        result = CliRunner().invoke(assembled(list(words)), list(words), input=given)
        return result.exit_code, result.output

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
