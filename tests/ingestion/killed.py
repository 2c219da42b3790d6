"""Reading a provider's repository in a process of its own that is killed while it puts rows in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from core.bootstrap import House
from core.context import Context

SCRIPT = """\
import os, signal, sys
from core.access import workspaces
from core.base.settings import Settings
from core.bootstrap import build
from core.ingestion import service, writing
from core.ingestion.sources import provider

home, url, workspace, source, batch, times = sys.argv[1:]
provider.BATCH = int(batch)
rooms = build(Settings(home=home, database_url=url))
ctx = rooms.context(workspaces.find(rooms.app, workspace))
put, count = writing.FactWriter._put_in, []


def dying(self):
    count.append(1)
    written = put(self)
    if len(count) == int(times):
        os.kill(os.getpid(), signal.SIGKILL)
    return written


writing.FactWriter._put_in = dying
service.sync(ctx, source)
"""


def killed_midway(house: House, ctx: Context, source_id: str, *, batch: int, times: int) -> None:
    """Sync the source with so many pull requests in a batch, until the process kills itself at the end of one."""
    home, url = str(house.settings.home), str(house.app.engine.url)
    words = [sys.executable, "-c", SCRIPT, home, url, ctx.workspace.id, source_id, str(batch), str(times)]
    done = subprocess.run(
        words, check=False, cwd=Path(__file__).parents[2], env={**os.environ, "SIGHTLINE_HOME": home}
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
