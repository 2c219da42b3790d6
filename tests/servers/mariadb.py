"""A MariaDB of the distribution, started on a free port in a temporary folder."""

from __future__ import annotations

import getpass
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql

from tests.servers import free_port, wait_until

USER, PASSWORD = "reader", "s3cret-of-the-reader"


@dataclass(frozen=True)
class Server:
    """Where it answers. `reader` may read the database `shop`."""

    port: int
    socket: Path
    log: Path

    @property
    def args(self) -> dict[str, Any]:
        """Arguments of a datasource, as a report file has them."""
        return {"host": f"127.0.0.1:{self.port}", "user": USER, "passwd": PASSWORD, "database": "shop"}

    def run(self, *statements: str) -> None:
        """Run statements as root."""
        with self._root() as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()

    def asked(self, statement: str) -> tuple[tuple[Any, ...], ...]:
        """The rows of a statement as root sees them."""
        with self._root() as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return tuple(cursor.fetchall())

    def _root(self) -> Any:
        return pymysql.connect(unix_socket=str(self.socket), user="root")


@contextmanager
def mariadb() -> Iterator[Server]:
    """A server for as long as the block lasts."""
    assert shutil.which("mariadbd"), (
        "The tests need mariadbd. On Debian and Ubuntu: sudo apt-get install mariadb-server"
    )
    with tempfile.TemporaryDirectory(prefix="maria") as name:
        folder = Path(name)
        _install(folder)
        server = Server(free_port(), folder / "s", folder / "log")
        process = _launch(folder, server)
        try:
            wait_until(lambda: process.poll() is None and _ready(server), "MariaDB")
            server.run(
                "CREATE DATABASE shop",
                f"CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}'",
                f"GRANT ALL ON shop.* TO {USER}@'%'",
            )
            yield server
        finally:
            process.terminate()
            process.wait(30)


def _install(folder: Path) -> None:
    subprocess.run(
        [
            "mariadb-install-db", "--no-defaults", f"--datadir={folder / 'data'}", "--skip-test-db",
            "--auth-root-authentication-method=normal", f"--user={getpass.getuser()}",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


def _launch(folder: Path, server: Server) -> subprocess.Popen[bytes]:
    with server.log.open("wb") as log:
        return subprocess.Popen(
            [
                "mariadbd", "--no-defaults", f"--datadir={folder / 'data'}", f"--socket={server.socket}",
                f"--port={server.port}", "--bind-address=127.0.0.1", f"--user={getpass.getuser()}",
                f"--pid-file={folder / 'pid'}", "--innodb-buffer-pool-size=32M", "--skip-log-bin",
                "--innodb-flush-log-at-trx-commit=0", "--default-time-zone=+00:00",
            ],
            stdout=log,
            stderr=log,
        )  # fmt: skip


def _ready(server: Server) -> bool:
    if not server.socket.exists():
        return False
    try:
        server.run("SELECT 1")
        return True
    except pymysql.err.OperationalError:
        return False
