"""One code path to ClickHouse's HTTP interface: the embedded store or a server."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from core.base.errors import BadInput, StoreUnreachable

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from clickhouse_connect.driver.client import Client

MIGRATIONS = Path(__file__).parent / "migrations"
Params = Mapping[str, Any]
T = TypeVar("T")
TOO_LARGE = ("MEMORY_LIMIT", "TIMEOUT_EXCEEDED")
READ_S = 120.0
"""How long a question may take before the store is said not to answer."""
WRITE_S = 600.0
"""… and a statement that changes much."""
BRIEF_S = 15.0
"""… and any statement while the app store is locked: shorter than others wait there."""

ONCE = "/*once*/"
"""Stands before a part of a WITH clause that several others read. Stores that cannot keep it take it for a comment."""
_KEEPING = "enable_materialized_cte"

_brief: ContextVar[bool] = ContextVar("brief", default=False)


class MetricsStore:
    """Typed queries and large inserts. Connects at the first use; safe to share between threads.

    `address` returns the URL to connect to, `clickhouse://user:password@host:port/database`;
    it is asked again when the store does not answer, so that an embedded store
    which was restarted on another port is found.
    """

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address
        self._clients: dict[float, Client] = {}
        """By how long each waits for an answer."""
        self._lock = threading.Lock()

    def rows(self, sql: str, params: Params | None = None, **settings: Any) -> list[dict[str, Any]]:
        """Every row as a dict. `{name:Type}` in the SQL takes its value from `params`."""
        asked = {"parameters": _bound(params), "settings": settings or None}
        return self._ask(lambda client: list(client.query(_meant(sql, client), **asked).named_results()))

    def scalar(self, sql: str, params: Params | None = None) -> Any:
        """The first column of the first row, or None."""
        found = self._ask(lambda client: client.query(sql, parameters=_bound(params)).result_rows)
        return found[0][0] if found else None

    def frame(self, sql: str, params: Params | None = None, **settings: Any) -> pd.DataFrame:
        """The result as a DataFrame."""
        asked = {"parameters": _bound(params), "settings": settings or None}
        found: pd.DataFrame = self._ask(lambda client: client.query_df(_meant(sql, client), **asked))
        return found

    def arrow(self, sql: str, params: Params | None = None, **settings: Any) -> pa.Table:
        """The result as an Arrow table: the cheapest way to a page."""
        asked = {"parameters": _bound(params), "settings": settings or None}
        return self._ask(lambda client: client.query_arrow(_meant(sql, client), **asked))

    def batches(self, sql: str, params: Params | None = None, **settings: Any) -> Iterator[pa.RecordBatch]:
        """The result as the store sends it, a batch of rows at a time: for what is too long to hold together."""
        asked = {"parameters": _bound(params), "settings": settings or None}
        stream = self._ask(lambda client: client.query_arrow_stream(_meant(sql, client), **asked))
        with _broken_off(), stream as batches:
            yield from batches

    def command(self, sql: str, params: Params | None = None, **settings: Any) -> None:
        """Run DDL, INSERT … SELECT or another statement without a result."""
        asked = {"parameters": _bound(params), "settings": settings or None}
        self._ask(lambda client: client.command(sql, **asked), WRITE_S)

    def insert_arrow(self, table: str, rows: pa.Table) -> None:
        """Insert one large block."""
        if rows.num_rows:
            self._ask(lambda client: client.insert_arrow(table, rows), WRITE_S)

    def insert_raw(self, table: str, columns: Sequence[str], content: bytes, fmt: str) -> None:
        """Insert bytes that are already in one of ClickHouse's formats, such as TabSeparated or RowBinary."""
        self._ask(lambda client: client.raw_insert(table, list(columns), content, fmt=fmt), WRITE_S)

    def insert_rows(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert a few rows given as dicts with the same keys. For large ones use `insert_arrow`."""
        if rows:
            columns = list(rows[0])
            values = [[row[c] for c in columns] for row in rows]
            self._ask(lambda client: client.insert(table, values, column_names=columns), WRITE_S)

    @contextmanager
    def brief(self) -> Iterator[None]:
        """Give up sooner in this block: whoever enters it holds a lock that others wait for."""
        token = _brief.set(True)
        try:
            yield
        finally:
            _brief.reset(token)

    def ping(self) -> None:
        """Return quietly if the store answers; StoreUnreachable if not."""
        self.scalar("SELECT 1")

    def migrate(self) -> list[str]:
        """Apply every migration that is new, in order; returns their names."""
        self.command(
            "CREATE TABLE IF NOT EXISTS schema_migrations (name String, applied_at DateTime DEFAULT now())"
            " ENGINE = MergeTree ORDER BY name"
        )
        known = {row["name"] for row in self.rows("SELECT name FROM schema_migrations")}
        fresh = [path for path in sorted(MIGRATIONS.glob("[0-9]*.sql")) if path.stem not in known]
        for path in fresh:
            for statement in _statements(path.read_text()):
                self.command(statement)
            self.insert_rows("schema_migrations", [{"name": path.stem}])
        return [path.stem for path in fresh]

    def close(self) -> None:
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients = {}

    def _ask(self, ask: Callable[[Client], T], patience: float | None = None) -> T:
        """Ask, and once more by a fresh connection when the first one broke, but not when it was slow.

        Asking twice is safe: reads change nothing, and a row inserted twice is read once.
        """
        from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

        patience = BRIEF_S if _brief.get() else patience or READ_S
        for last in (False, True):
            began = monotonic()
            try:
                return ask(self._connected(patience))
            except OperationalError as error:
                self.close()
                if last or monotonic() - began >= patience:
                    raise StoreUnreachable(
                        "The metrics store does not answer. Start it with `sightline up`, or start the server"
                        " that SIGHTLINE_METRICS_URL names. `sightline doctor` checks every part."
                    ) from error
            except DatabaseError as error:
                if any(word in str(error) for word in TOO_LARGE):
                    raise BadInput(
                        "The question is too large to answer in the time and memory allowed. Choose a shorter period."
                    ) from error
                raise
        raise AssertionError("unreachable")

    def _connected(self, patience: float) -> Client:
        with self._lock:
            if patience not in self._clients:
                self._clients[patience] = _connect(self._address(), patience)
            return self._clients[patience]


@contextmanager
def _broken_off() -> Iterator[None]:
    """A stream that ends in the middle, said in a sentence. Nothing is asked twice: rows of it are gone already."""
    import pyarrow as pa
    from urllib3.exceptions import HTTPError

    try:
        yield
    except (pa.ArrowException, HTTPError, OSError) as error:
        raise StoreUnreachable(
            "The metrics store broke off in the middle of its answer. Ask again; if it stays, choose a shorter period."
        ) from error


def _connect(url: str, patience: float) -> Client:
    import clickhouse_connect
    from clickhouse_connect import common
    from clickhouse_connect.driver.httputil import get_pool_manager

    common.set_setting("autogenerate_session_id", False)
    parts = urlsplit(url)
    secure = parts.scheme in ("clickhouses", "https")
    client = clickhouse_connect.get_client(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or (8443 if secure else 8123),
        username=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        database=parts.path.strip("/") or "default",
        interface="https" if secure else "http",
        compress=False,
        query_limit=0,
        pool_mgr=get_pool_manager(maxsize=32),
        connect_timeout=5,
        send_receive_timeout=patience,
    )
    if _keeps(client):
        client.set_client_setting(_KEEPING, 1)
    return client


def _meant(sql: str, client: Client) -> str:
    """The statement as this store may be asked it."""
    return sql.replace(ONCE, "MATERIALIZED") if _keeps(client) else sql


def _keeps(client: Client) -> bool:
    """Whether parts of a WITH clause can be worked out once; also where a server that can does not let us choose."""
    known = client.server_settings.get(_KEEPING)
    return known is not None and (not known.readonly or known.value == "1")


def _bound(params: Params | None) -> dict[str, Any] | None:
    # DateTime parameters are written as UTC text; the driver would use this machine's zone.
    if not params:
        return None
    return {k: f"{v:%Y-%m-%d %H:%M:%S}" if isinstance(v, datetime) else v for k, v in params.items()}


def _statements(sql: str) -> list[str]:
    bare = re.sub(r"^\s*--.*$", "", sql, flags=re.MULTILINE)
    return [part.strip() for part in re.split(r";\s*(?:\n|$)", bare) if part.strip()]
