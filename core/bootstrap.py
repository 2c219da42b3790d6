"""Settings to stores to Context: the only place that constructs them."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from importlib.metadata import entry_points
from typing import Any

from core.base.queue import InlineQueue, Plain, Queue
from core.base.settings import Settings, settings
from core.context import SYSTEM, Actor, Context, Workspace
from core.stores.app import AppStore
from core.stores.app.store import ROOT
from core.stores.files import FileStore, LocalFiles
from core.stores.metrics import MetricsStore
from core.stores.metrics.store import MIGRATIONS

ROOMS_WITH_ROWS = (
    "core.access",
    "core.people",
    "core.catalogue",
    "core.components",
    "core.ingestion",
    "core.snapshots",
    "core.alerts",
    "core.reports",
    "core.chats",
    "core.schedules",
    "core.delivery",
    "core.connections",
    "core.exports",
)


def models() -> None:
    """Import every room's rows, so that the metadata is whole."""
    for room in ROOMS_WITH_ROWS:
        importlib.import_module(f"{room}.models")


def utc_now() -> datetime:
    return datetime.now(UTC)


def account(ctx: Context, connection_id: str) -> Any:
    """The account of a connection, opened for a source that is read with it."""
    from core.connections import opening

    return opening.account(ctx, connection_id)


@dataclass(frozen=True)
class House:
    """The stores of one process, and contexts over them."""

    settings: Settings
    app: AppStore
    metrics: MetricsStore
    files: FileStore
    queue: Queue
    clock: Callable[[], datetime] = utc_now

    def context(self, workspace: Workspace, actor: Actor = SYSTEM) -> Context:
        return Context(actor, workspace, self.app, self.metrics, self.files, self.queue, self.clock, account)

    def migrate(self) -> None:
        """Bring both stores to the newest schema."""
        self.app.migrate()
        self.metrics.migrate()

    def close(self) -> None:
        self.metrics.close()
        self.app.close()


def build(config: Settings, queue: Queue | None = None, clock: Callable[[], datetime] = utc_now) -> House:
    """Construct the stores that `config` names. Nothing connects before it is used."""
    return House(
        settings=config,
        app=AppStore(config.app_database_url),
        metrics=MetricsStore(lambda: metrics_address(config)),
        files=_files(config),
        queue=queue or InlineQueue(),
        clock=clock,
    )


def _files(config: Settings) -> FileStore:
    if not config.files_url:
        return LocalFiles(config.home / "files")
    from core.stores.files.s3 import S3Files

    return S3Files(
        config.files_url, endpoint=config.files_endpoint, region=config.files_region,
        access_key=config.files_access_key, secret_key=config.files_secret_key,
    )  # fmt: skip


def metrics_address(config: Settings) -> str:
    """The URL of the metrics store, starting the embedded one if it is the chosen one and nobody has."""
    if config.metrics_url:
        return config.metrics_url
    from core.stores.metrics import embedded

    return embedded.address(config.home)


class PluggedQueue:
    """The queue that is installed beside the core (entry point `sightline.queues`), loaded at the first use.

    Most commands put nothing on it, and its library takes longer to import than they take to run.
    """

    def __init__(self, config: Settings) -> None:
        self._config = config

    def put(self, task: str, *args: Plain, delay_s: float = 0) -> None:
        self.real.put(task, *args, delay_s=delay_s)

    def depth(self) -> int:
        return self.real.depth()

    @cached_property
    def real(self) -> Queue:
        for point in entry_points(group="sightline.queues"):
            connect: Callable[[Settings], Queue] = point.load()
            return connect(self._config)
        return InlineQueue()


@lru_cache(maxsize=1)
def house() -> House:
    """This process's house."""
    return build(settings(), PluggedQueue(settings()))


def prepare(rooms: House) -> None:
    """Bring both schemas up to date, unless this home has done so since its migrations last changed.

    The stamp keeps a command's start from asking two stores about schemas that rarely change.
    """
    stamp = rooms.settings.run_dir / "schema"
    now = _schema_stamp(rooms.settings)
    stores_there = rooms.settings.database_url or (rooms.settings.home / "app.db").exists()
    metrics_there = rooms.settings.metrics_url or (rooms.settings.home / "metrics").exists()
    if stores_there and metrics_there and stamp.exists() and stamp.read_text() == now:
        return
    rooms.migrate()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)


def _schema_stamp(config: Settings) -> str:
    files = [*MIGRATIONS.glob("*.sql"), *(ROOT / "alembic" / "versions").glob("*.py")]
    digest = hashlib.sha256("\0".join((config.database_url, config.metrics_url)).encode())
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
