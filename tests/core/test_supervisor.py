"""`sightline up` keeps its children running, and refuses what cannot work before it starts anything."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

import pytest

from core.base.errors import BadInput, Conflict
from core.base.settings import Settings
from core.entrypoints.supervisor import run
from core.entrypoints.supervisor.child import Child


def child(tmp_path: Path, code: str) -> Child:
    return Child("child", [sys.executable, "-c", code], tmp_path, tmp_path / "log" / "child.log")


def test_a_child_that_dies_is_started_again_after_a_pause(tmp_path: Path) -> None:
    short = child(tmp_path, "print('alive', flush=True)")
    short.start()
    assert short.process is not None
    short.process.wait(20)

    short.keep()
    waiting = not short.running()
    deadline = time.monotonic() + 20
    while short.process is None and time.monotonic() < deadline:
        short.keep()
        time.sleep(0.05)

    assert waiting and short.restarts == 1
    assert short.process is not None
    short.process.wait(20)
    assert short.log_path.read_text().count("alive") == 2


def test_a_child_that_keeps_dying_young_waits_longer_each_time(tmp_path: Path) -> None:
    short = child(tmp_path, "pass")
    waits = []
    for _ in range(3):
        short.not_before = 0.0
        short.start()
        assert short.process is not None
        short.process.wait(20)
        short.keep()
        waits.append(short.not_before - time.monotonic())

    assert waits == sorted(waits) and waits[2] > 2 * waits[0]


def test_a_child_that_ignores_the_request_is_stopped_all_the_same(tmp_path: Path) -> None:
    deaf = child(
        tmp_path,
        "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
    )
    deaf.start()
    deadline = time.monotonic() + 20
    while "up" not in deaf.log_path.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)

    deaf.stop(0.2)

    assert not deaf.running()


def test_a_second_start_for_the_same_data_is_refused(tmp_path: Path) -> None:
    config = Settings(home=tmp_path)
    held = run.only_one(config)

    with pytest.raises(Conflict, match="runs already"):
        run.only_one(config)
    held.close()
    run.only_one(config).close()


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config = Settings(home=tmp_path, port=taken.getsockname()[1])

        with pytest.raises(BadInput, match=r"SIGHTLINE_PORT=8601"):
            run.port_is_free(config)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    with pytest.raises(BadInput, match="Set SIGHTLINE_HOME"):
        run.folder_is_writable(blocked / "var")
