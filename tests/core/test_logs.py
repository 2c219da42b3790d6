"""Lines of the log, as a process writes them to its stderr."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import logging, threading
import structlog
from core.base import logs

def work():
    with structlog.contextvars.bound_contextvars(task="report", run_id="r1"):
        structlog.get_logger().info("begun", step=1)
        logging.getLogger("some.library").warning("odd %s", "thing")
        try:
            1 / 0
        except ZeroDivisionError:
            logging.getLogger("some.library").exception("broke")
    structlog.get_logger().debug("not shown")

logs.configure("INFO", process="worker")
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


def test_every_line_is_json_with_its_process_and_run_also_from_threads_and_libraries() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)

    lines = [json.loads(line) for line in done.stderr.splitlines()]

    assert [line["event"] for line in lines] == ["begun", "odd thing", "broke"]
    assert {(line["process"], line["task"], line["run_id"]) for line in lines} == {("worker", "report", "r1")}
    assert [line["level"] for line in lines] == ["info", "warning", "error"]
    assert lines[1]["logger"] == "some.library"
    assert "ZeroDivisionError" in lines[2]["exception"]
