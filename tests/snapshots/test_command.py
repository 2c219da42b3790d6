"""`sightline snapshots` from outside: made, and read back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.ingestion import clones


def sightline(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from core.entrypoints.cli import main; main()", *words],
        capture_output=True, text=True, check=False, env={**os.environ, "SIGHTLINE_HOME": str(home)},
    )  # fmt: skip


def test_what_was_kept_of_a_person_is_read_back_period_by_period(tmp_path: Path) -> None:
    clone = clones.new(tmp_path / "clone")
    for day in ("2026-01-05", "2026-01-06", "2026-01-20"):
        clone.commit(at=f"{day}T12:00:00 +0000")
    home = tmp_path / "home"
    sightline(home, "ingest", "git", str(clone.path))
    sightline(home, "snapshots", "generate", "--kind", "weekly", "--first", "2026-01-05", "--last", "2026-01-25")

    asked = ("snapshots", "history", "commits_count", "--person", "ada@example.org", "--json")
    answer = sightline(home, *asked)

    kept = {row["key"]: row["value"] for row in json.loads(answer.stdout)["rows"] if row["state"] == "measured"}
    assert (kept["2026-01-05"], kept["2026-01-19"]) == (2.0, 1.0)


def test_a_history_wants_one_subject(tmp_path: Path) -> None:
    refused = sightline(tmp_path, "snapshots", "history", "commits_count")

    assert (refused.returncode, refused.stderr.strip()) == (2, "Say either --person or --team.")
