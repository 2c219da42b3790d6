"""The command `sightline` for several cases in one process: starting it costs more than a refusal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SCRIPT = """
import contextlib, io, json, os, sys
from core.base.settings import settings
from core.entrypoints.cli import main

usual, told = dict(os.environ), []
for words, variables in json.loads(sys.stdin.read()):
    os.environ.clear()
    os.environ.update(usual | variables)
    settings.cache_clear()
    sys.argv, code, out, err = ["sightline", *words], 0, io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    told.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""


@dataclass(frozen=True)
class Ended:
    """What became of a command."""

    code: int
    out: str
    err: str


def each(cases: Sequence[tuple[Sequence[str], Mapping[str, str]]]) -> list[Ended]:
    """What becomes of the command with each of these words and variables, all in one fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], input=json.dumps(cases), env=dict(os.environ), capture_output=True, text=True,
        check=True, timeout=120,
    )  # fmt: skip
    return [Ended(*told) for told in json.loads(done.stdout)]
