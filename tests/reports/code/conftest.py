"""The real command in a folder with a small database."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.reports.code.hostile import ADDRESS_SPACE, END, MOST_MEMORY, ONE, ONE_AFTER_THE_OTHER, Hostile, Ran
from tests.servers.replies import Replies, replying

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
    return _surroundings(folder)


def _surroundings(folder: Path) -> dict[str, str]:
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


@pytest.fixture
def hostile(folder: Path, surroundings: dict[str, str]) -> Hostile:
    """`hostile(text)` runs a file of this text by the real command, under a limit of memory."""

    def run(text: str) -> Ran:
        (folder / "hostile.yaml").write_text(text)
        began = _worked()
        done, memory = bounded(folder, surroundings, ONE, "report", "run", "-c", "hostile.yaml")
        return Ran(done.returncode, done.stdout, done.stderr, _worked() - began, memory)

    return run


def each(folder: Path, names: Sequence[str]) -> dict[str, Ran]:
    """What becomes of each of these files of the folder, all run by one process under the limit of one run."""
    began = _worked()
    done, memory = bounded(folder, _surroundings(folder), ONE_AFTER_THE_OTHER, *names)
    seconds, told = _worked() - began, zip(done.stdout.split(END), done.stderr.split(END), strict=True)
    codes = [int((folder / f"{name}.code").read_text()) for name in names]
    return {name: Ran(code, *said, seconds, memory) for name, code, said in zip(names, codes, told, strict=False)}


def bounded(
    folder: Path, surroundings: dict[str, str], program: str, *words: str
) -> tuple[subprocess.CompletedProcess[str], int]:
    """The process as it ended, and the most memory that it took: never too much, and never a traceback."""
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=_limited,
    )
    memory = int((folder / "peak").read_text()) * 1024
    assert "Traceback" not in done.stderr + done.stdout
    assert memory < MOST_MEMORY
    return done, memory


def _worked() -> float:
    """Seconds of work of all processes that were waited for."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


@pytest.fixture
def replies() -> Iterator[Replies]:
    with replying() as server:
        yield server
