"""Serves chDB over ClickHouse's HTTP interface: `python -m core.stores.metrics.embedded.server HOME IDLE_S`."""

from __future__ import annotations

import fcntl
import gzip
import hmac
import json
import os
import queue
import re
import secrets
import signal
import socket
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from core.base import parent

CONNECTIONS = 4
OWN_PARAMETERS = {
    "buffer_size", "client_protocol_version", "compress", "database", "decompress", "default_format",
    "enable_http_compression", "http_headers_progress_interval_ms", "query", "query_id", "role",
    "send_progress_in_http_headers", "session_check", "session_id", "session_timeout", "wait_end_of_query",
}  # fmt: skip
"""Query-string names of the HTTP interface itself; every other one is a setting of the statement."""

_INSERT = re.compile(rb"\s*INSERT\s+INTO\s+(.+?)\s+FORMAT\s+(\w+)[ \t]*\r?\n?", re.DOTALL | re.IGNORECASE)
_FORMAT = re.compile(rb"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)


class Engine:
    """A few chDB connections to one folder, lent to one statement each."""

    def __init__(self, folder: Path) -> None:
        import chdb

        self.spool = folder.parent / "metrics-spool"
        self.spool.mkdir(exist_ok=True)
        for stale in self.spool.iterdir():
            stale.unlink()
        self._connect = partial(chdb.connect, str(folder))
        self._connections: queue.LifoQueue[Any] = queue.LifoQueue()
        for _ in range(CONNECTIONS):
            self._connections.put(self._connect())

    def run(self, statement: bytes, body: bytes, asked: dict[str, str]) -> tuple[bytes, dict[str, str], str]:
        """Run one request; returns the reply's bytes, its summary and its format."""
        params = {k[6:]: v for k, v in asked.items() if k.startswith("param_")}
        settings = {k: v for k, v in asked.items() if k not in OWN_PARAMETERS and not k.startswith("param_")}
        with self._lent(settings) as connection:
            whole = statement + b"\n" + body if statement and not _INSERT.match(statement) else statement or body
            if found := _INSERT.match(whole):
                data = body if statement else body[found.end() :]
                return self._insert(connection, found, data)
            named = _FORMAT.search(whole)
            fmt = named.group(1).decode() if named else asked.get("default_format", "TabSeparated")
            result = connection.query(whole.decode(), fmt, params=params)
            return result.bytes() or b"", {"read_rows": str(result.rows_read())}, fmt

    def _insert(self, connection: Any, found: re.Match[bytes], data: bytes) -> tuple[bytes, dict[str, str], str]:
        # An INSERT's data can only come from a file in chDB; a spool beside the store keeps it off small /tmp disks.
        target, fmt = found.group(1).decode(), found.group(2).decode()
        with tempfile.NamedTemporaryFile(dir=self.spool) as spooled:
            spooled.write(data)
            spooled.flush()
            result = connection.query(f"INSERT INTO {target} FROM INFILE '{spooled.name}' FORMAT {fmt}", "TabSeparated")
            return b"", {"written_rows": str(result.rows_read())}, "TabSeparated"

    @contextmanager
    def _lent(self, settings: dict[str, str]) -> Iterator[Any]:
        connection = self._connections.get()
        try:
            for name, value in sorted(settings.items(), key=lambda setting: setting[0] == "readonly"):
                if not name.isidentifier():
                    raise ValueError(f"'{name}' is no setting.")
                quoted = value.replace("\\", "\\\\").replace("'", "\\'")
                connection.query(f"SET {name} = '{quoted}'", "TabSeparated")
            yield connection
        finally:
            self._connections.put(self._as_before(connection, settings))

    def _as_before(self, connection: Any, settings: dict[str, str]) -> Any:
        """The connection without these settings. One that may only read can only be replaced."""
        if "readonly" in settings:
            connection.close()
            return self._connect()
        for name in settings:
            connection.query(f"SET {name} = DEFAULT", "TabSeparated")
        return connection


def _inflated(body: bytes, encoding: str) -> bytes:
    if not encoding:
        return body
    if encoding == "gzip":
        return gzip.decompress(body)
    if encoding == "deflate":
        return zlib.decompress(body)
    if encoding == "lz4":
        import lz4.frame

        return bytes(lz4.frame.decompress(body))
    if encoding == "zstd":
        from backports import zstd

        return bytes(zstd.decompress(body))
    raise ValueError(f"The body is encoded as '{encoding}', which is not known here.")


MOST_OF_A_FIELD = 256 * 1024 * 1024


def application(engine: Engine, secret: str, touched: Callable[[], None]) -> Any:
    """The ASGI app: `/ping` and `/`, both behind the secret."""
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    def allowed(request: Request) -> bool:
        import base64

        given = request.headers.get("x-clickhouse-key", "")
        scheme, _, basic = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            given = base64.b64decode(basic).decode("utf-8", "replace").partition(":")[2]
        return hmac.compare_digest(given.encode(), secret.encode())

    def ping(request: Request) -> Response:
        touched()
        return PlainTextResponse("Ok.\n") if allowed(request) else PlainTextResponse("wrong key\n", 403)

    async def statement(request: Request) -> Response:
        if not allowed(request):
            return PlainTextResponse("Code: 516. Authentication failed", 403, {"X-ClickHouse-Exception-Code": "516"})
        touched()
        asked = dict(request.query_params)
        try:
            body = b""
            if request.headers.get("content-type", "").startswith("multipart/form-data"):
                # Long parameters come as fields of a form, since an address has no room for them.
                form = await request.form(max_part_size=MOST_OF_A_FIELD)
                asked |= {name: value for name, value in form.items() if isinstance(value, str)}
            else:
                body = _inflated(await request.body(), request.headers.get("content-encoding", ""))
            out, summary, fmt = await run_in_threadpool(engine.run, asked.get("query", "").encode(), body, asked)
        except Exception as error:  # whatever the engine says goes back to the asker as ClickHouse would say it
            text = str(error)
            code = re.search(r"Code: (\d+)", text)
            text = text[text.find("Code: ") :] if code else text
            return PlainTextResponse(text, 500, {"X-ClickHouse-Exception-Code": code.group(1) if code else "1"})
        finally:
            touched()
        headers = {
            "X-ClickHouse-Summary": json.dumps(summary),
            "X-ClickHouse-Format": fmt,
            "X-ClickHouse-Timezone": "UTC",
        }
        return Response(out, media_type="application/octet-stream", headers=headers)

    return Starlette(routes=[Route("/ping", ping), Route("/", statement, methods=["GET", "POST"])])


def serve(home: Path, idle_s: int) -> int:
    """Hold the store's folder alone and serve it until stopped or idle; 0 also when another holds it."""
    import uvicorn

    run_dir = home / "run"
    run_dir.mkdir(parents=True, exist_ok=True)
    lock = (run_dir / "metrics.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 0
    last = [time.monotonic()]

    def touched() -> None:
        last[0] = time.monotonic()

    engine = Engine(home / "metrics")
    secret = secrets.token_urlsafe(24)
    listener = socket.create_server(("127.0.0.1", 0))
    # Accepted sockets inherit it; without it every reply waits 40 ms for an acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = uvicorn.Server(
        uvicorn.Config(application(engine, secret, touched), log_level="warning", timeout_graceful_shutdown=20)
    )

    def watch() -> None:
        while not server.should_exit:
            time.sleep(1)
            if time.monotonic() - last[0] > idle_s:
                server.should_exit = True

    if idle_s:
        threading.Thread(target=watch, daemon=True).start()
    card = run_dir / "metrics.json"
    fresh = card.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({"port": listener.getsockname()[1], "secret": secret, "pid": os.getpid()}))
    fresh.replace(card)
    server.run(sockets=[listener])
    card.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    parent.follow()
    sys.exit(serve(Path(sys.argv[1]), int(sys.argv[2])))
