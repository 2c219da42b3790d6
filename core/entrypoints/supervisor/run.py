"""`sightline up`: stores, demo, worker, web, until a signal."""

from __future__ import annotations

import fcntl
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO

import structlog

from core.base.errors import BadInput, Conflict, StoreUnreachable
from core.base.settings import Settings
from core.entrypoints.supervisor.child import Child
from core.stores.app.store import ROOT
from core.stores.metrics import embedded

log = structlog.get_logger(__name__)
Say = Callable[[str], None]

WEB_PATIENCE_S = 90.0


class Supervisor:
    """The three processes of one home."""

    def __init__(self, config: Settings, say: Say) -> None:
        self.config = config
        self.say = say
        self.stopping = threading.Event()
        python, logs = sys.executable, config.home / "log"
        environment = {
            "SIGHTLINE_HOME": str(config.home.resolve()),
            "SIGHTLINE_HOST": config.host,
            "SIGHTLINE_PORT": str(config.port),
        }
        metrics_command = [python, "-m", "core.stores.metrics.embedded.server", str(config.home.resolve()), "0"]
        self.metrics = Child("metrics store", metrics_command, ROOT, logs / "metrics.log", {**environment, "TZ": "UTC"})
        # On SIGINT it gives back at once what it is at; whoever presses Ctrl-C does not want to wait for a long job.
        self.worker = Child(
            "worker", [python, "-m", "jobs.worker"], ROOT, logs / "worker.log", environment, signal.SIGINT
        )
        web_command = [
            *(python, "-m", "streamlit", "run", "app.py"),
            *("--server.address", config.host, "--server.port", str(config.port)),
        ]
        self.web = Child("web app", web_command, ROOT, logs / "web.log", environment)

    def start_metrics(self) -> None:
        """Have a metrics store answering, whoever started it."""
        if self.config.metrics_url:
            return
        self._keep_metrics()
        deadline = time.monotonic() + embedded.START_LIMIT_S
        while not embedded.running(self.config.home):
            if time.monotonic() > deadline:
                raise StoreUnreachable(f"The metrics store did not start. Its log is {self.metrics.log_path}.")
            time.sleep(0.05)
            self._keep_metrics()

    def start_doors(self) -> None:
        self.worker.start()
        self.web.start()

    def wait_for_web(self) -> None:
        """Return when the app answers its first request; StoreUnreachable if it does not."""
        deadline = time.monotonic() + WEB_PATIENCE_S
        while not self.stopping.is_set():
            if answers(self.config):
                return
            if time.monotonic() > deadline or not self.web.running():
                raise StoreUnreachable(f"The web app did not start. Its log is {self.web.log_path}.")
            time.sleep(0.1)

    def keep_all(self) -> None:
        """Keep every process running until told to stop."""
        while not self.stopping.wait(2):
            self._keep_metrics()
            self.worker.keep()
            self.web.keep()

    def stop(self) -> None:
        """Stop in the order of who needs whom."""
        self.stopping.set()
        self.web.stop(10)
        self.worker.stop(30)
        self.metrics.stop(30)

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _keep_metrics(self) -> None:
        # A command may have started a store before us: it holds the folder, and our asking keeps it awake.
        if not self.config.metrics_url and not (self.metrics.running() or embedded.running(self.config.home)):
            self.metrics.keep()


def only_one(config: Settings) -> IO[str]:
    """Hold this home alone; Conflict when another `sightline up` does."""
    config.run_dir.mkdir(parents=True, exist_ok=True)
    lock = (config.run_dir / "up.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Conflict(
            f"Sightline runs already for {config.home.resolve()}, at {config.url}."
            " A repository is read into it on its Sources page, or with `sightline ingest git PATH`."
        ) from error
    return lock


def port_is_free(config: Settings) -> None:
    """Return quietly if the web app can listen; BadInput if somebody else does."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise BadInput(
                f"Port {config.port} of {config.host} cannot be used: {error.strerror}."
                " Choose another: SIGHTLINE_PORT=8601 make run"
            ) from error


def catch_signals(supervisor: Supervisor) -> None:
    signal.signal(signal.SIGINT, supervisor.on_signal)
    signal.signal(signal.SIGTERM, supervisor.on_signal)


def answers(config: Settings) -> bool:
    host = "127.0.0.1" if config.host in ("0.0.0.0", "::") else config.host  # noqa: S104 - compared, not bound
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{host}:{config.port}/healthz", timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def folder_is_writable(home: Path) -> None:
    """Return quietly if data can be kept under `home`; BadInput if not."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise BadInput(f"Sightline cannot write to {home.resolve()}: {error.strerror}. Set SIGHTLINE_HOME.") from error
