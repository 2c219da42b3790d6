"""The short way to run a report file reads what the whole command reads, and leaves everything else to it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.entrypoints.cli import assembled, brief, report
from core.entrypoints.cli.report_files.running import Wish

RUN = ["report", "run"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Wish]:
    """What the whole command makes of the words."""
    seen: list[Wish] = []
    monkeypatch.setattr(report, "run_files", lambda wish, dry, lenient: seen.append(wish) or 0)
    return seen


@pytest.mark.parametrize(
    "words",
    [
        ["-c", "a.yaml"],
        ["-c", "a.yaml", "b.yaml"],
        ["-c", "a.yaml", "-c", "b.yaml"],
        ["--config-file", "a.yaml", "-s", "2026-01-01"],
        ["-s", "2026-01-01", "-e", "2026-02-01", "-c", "a.yaml", "b.yaml"],
        ["-c", "a.yaml", "--start-date", "2026-01-01", "--end-date", "2026-02-01T06:00"],
        ["-c", "a.yaml", "-s", "2026-01-01", "-s", "2026-01-02"],
        ["-c", "a file.yaml", "-e", ""],
    ],
)
def test_it_reads_what_the_whole_command_reads(words: list[str], read: list[Wish]) -> None:
    result = CliRunner().invoke(assembled([*RUN, *words]), [*RUN, *words])

    assert result.exit_code == 0, result.output
    assert brief.wish([*RUN, *words]) == read[0]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["report"],
        RUN,
        [*RUN, "Weekly"],
        [*RUN, "Weekly", "-c", "a.yaml"],
        [*RUN, "-c"],
        [*RUN, "-c", "-s", "2026-01-01"],
        [*RUN, "-c", "a.yaml", "-s"],
        [*RUN, "-c", "a.yaml", "-s", "2026-01-01", "b.yaml"],
        [*RUN, "-s", "2026-01-01"],
        [*RUN, "-ca.yaml"],
        [*RUN, "--config-file=a.yaml"],
        [*RUN, "-c", "a.yaml", "--dry-run"],
        [*RUN, "-c", "a.yaml", "-v"],
        [*RUN, "-c", "a.yaml", "--help"],
        [*RUN, "-c", "a.yaml", "--json"],
        [*RUN, "-c", "a.yaml", "--", "b.yaml"],
        ["report", "validate", "-c", "a.yaml"],
    ],
)
def test_it_leaves_everything_else_to_the_whole_command(words: list[str]) -> None:
    assert brief.wish(words) is None


def sightline(*words: str, folder: Path) -> subprocess.Popen[str]:
    command = [str(Path(sys.executable).with_name("sightline")), *words]
    with reached_by_ctrl_c():
        return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def reached_by_ctrl_c() -> Iterator[None]:
    """What starts here hears Ctrl-C, also when a shell runs these tests in the background and lets them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    process = sightline(*RUN, "-c", "nowhere.yaml", folder=tmp_path)
    said, complaint = process.communicate(timeout=60)

    assert process.returncode == 2
    assert said == ""
    assert "nowhere.yaml" in complaint
    assert "Traceback" not in complaint


def test_ctrl_c_ends_it_at_once_while_a_database_works(tmp_path: Path) -> None:
    (tmp_path / "long.yaml").write_text(
        "title: Long\n"
        "datasources:\n  db: {plugin: sql, args: {driver: sqlite, database: ':memory:'}}\n"
        "views:\n  n:\n    plugin: table\n    args:\n      datasource: db\n"
        "      query: with recursive n(i) as (select 1 union all select i + 1 from n) select i from n where i < 0\n"
        "outputs: {files: {plugin: static, args: {output_dir: out}}}\n"
    )
    process = sightline(*RUN, "-c", "long.yaml", folder=tmp_path)
    asking = Path(f"/proc/{process.pid}/task")
    while process.poll() is None and len(list(asking.iterdir())) == 1:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=30)  # the question itself may take a minute

    assert process.returncode == 130
    assert complaint == ""


def test_what_a_plugin_left_for_the_end_happens_before_the_process_leaves(tmp_path: Path) -> None:
    """It leaves without being taken apart; what was registered, or still works, must not be lost by that."""
    told = "import atexit, sys; from core.base import machine; atexit.register(print, 'registered');"
    works = "import threading, time; threading.Thread(target=lambda: (time.sleep(0.3), print('worked'))).start();"

    for more, heard in (("", "first\nregistered\n"), (works, "first\nworked\nregistered\n")):
        words = [sys.executable, "-c", f"{told}{more}sys.stdout.write('first\\n'); machine.leave(3)"]
        left = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
        assert (left.returncode, left.stdout, left.stderr) == (3, heard, "")


def test_a_run_that_nobody_reads_ends_quietly(tmp_path: Path) -> None:
    (tmp_path / "few.yaml").write_text("title: Few\nstart_date: 2026-03-01\nend_date: 2026-03-08\n")
    process = sightline(*RUN, "-c", "few.yaml", folder=tmp_path)
    assert process.stdout and process.stderr
    process.stdout.close()

    with process.stderr as complaint:
        assert (process.wait(timeout=60), complaint.read()) == (0, "")
