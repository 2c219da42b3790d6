"""The real command in a folder with a small database."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SIGHTLINE = [sys.executable, "-c", "from core.entrypoints.cli import main; main()"]

Run = Callable[..., "subprocess.CompletedProcess[str]"]

GOOD = """
title: Weekly
timezone: Europe/Berlin
start_date: 2026-03-02
end_date: 2026-03-09
datasources:
  db: {plugin: sql, args: {driver: sqlite, database: signups.db}}
views:
  all:
    plugin: single_stat
    title: Sign-ups
    args: {datasource: db, query: select count(*) as n from signups}
"""
BROKEN = """
views:
  gone:
    plugin: single_stat
    title: Lost
    args: {datasource: db, query: select count(*) as n from nowhere}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small database and files over it."""
    with sqlite3.connect(tmp_path / "signups.db") as connection:
        connection.execute("CREATE TABLE signups (created_at TEXT, country TEXT)")
        connection.executemany("INSERT INTO signups VALUES (?, ?)", [("2026-03-04 10:00", "DE")] * 3)
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "broken.yaml").write_text(BROKEN)
    (tmp_path / "bad.yaml").write_text("title: A\nviews:\n  v: {plugin: single_stat, cols: wide}\n")
    (tmp_path / "odd.yaml").write_text("titel: A\n")
    return tmp_path


@pytest.fixture
def surroundings(folder: Path) -> dict[str, str]:
    """Variables of the command's process."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "SIGHTLINE_HOME": str(folder / "home"), "TZ": "UTC"}


@pytest.fixture
def run(folder: Path, surroundings: dict[str, str]) -> Run:
    """`run("run", "-c", "good.yaml")` calls the real command in the folder, as a process of its own."""

    def call(*words: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*SIGHTLINE, "report", *words],
            cwd=folder,
            env=surroundings | variables,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call
