"""One supervised process: its command, its log, when to start it again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from core.base.parent import FLAG

log = structlog.get_logger(__name__)

LONGEST_WAIT_S = 30.0
STEADY_S = 60.0
"""A child that ran so long is thought well again: its next restart is quick."""
LOG_LIMIT = 20_000_000


@dataclass
class Child:
    """A process that should be running."""

    name: str
    command: list[str]
    cwd: Path
    log_path: Path
    environment: dict[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    started_at: float = 0.0
    not_before: float = 0.0

    def start(self) -> None:
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_LIMIT:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
        with self.log_path.open("ab") as out:
            # A session of its own: Ctrl-C reaches the supervisor alone, which stops its children in order.
            self.process = subprocess.Popen(
                self.command,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                env={**os.environ, FLAG: "1", **self.environment},
            )
        self.started_at = time.monotonic()

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def keep(self) -> None:
        """Start it again if it died, later each time that it dies young."""
        if self.running() or time.monotonic() < self.not_before:
            return
        if self.process is not None:
            died_young = time.monotonic() - self.started_at < STEADY_S
            self.restarts = self.restarts + 1 if died_young else 1
            log.warning("child_died", child=self.name, code=self.process.returncode, restarts=self.restarts)
            self.not_before = time.monotonic() + min(LONGEST_WAIT_S, 0.5 * 2 ** (self.restarts - 1))
            self.process = None
            return
        self.start()

    def stop(self, patience_s: float) -> None:
        """Ask it to stop, and insist after `patience_s`."""
        if not self.running() or self.process is None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
