"""A child that ends when its supervisor does, however that one ended."""

from __future__ import annotations

import os
import signal
import threading
import time

FLAG = "SIGHTLINE_SUPERVISED"
"""Set in the environment of processes that `sightline up` starts."""


def follow() -> None:
    """Watch the supervisor, if there is one, and ask this process to stop when it is gone."""
    if not os.environ.get(FLAG):
        return
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()
