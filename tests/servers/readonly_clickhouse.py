"""ClickHouse's own engine behind its HTTP interface, whose one user may only read and change no setting (`readonly=1`).

`python -m tests.servers.readonly_clickhouse HOME`; port and password are then in HOME/run/metrics.json. It is chDB,
since no package of this engine's server is at hand: that the user is so comes from a setting of the session instead
of a profile, and what is refused, the engine refuses.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.stores.metrics.embedded import server
from tests.servers import wait_until


class ReadOnly(server.Engine):
    """Every session is of that user before it gets the settings of a request."""

    @contextmanager
    def _lent(self, settings: dict[str, str]) -> Iterator[Any]:
        connection = self._connections.get()
        connection.query("SET readonly = 1", "TabSeparated")
        self._connections.put(connection)
        with super()._lent(settings) as lent:
            yield lent

    def _as_before(self, connection: Any, settings: dict[str, str]) -> Any:
        return super()._as_before(connection, {**settings, "readonly": "1"})


@contextmanager
def readonly_clickhouse(home: Path) -> Iterator[dict[str, Any]]:
    """Arguments of a datasource that reach it."""
    module = ["-m", "tests.servers.readonly_clickhouse", str(home)]
    process = subprocess.Popen([sys.executable, *module], env={**os.environ, "TZ": "UTC"})
    card = home / "run" / "metrics.json"
    try:
        wait_until(card.exists, "ClickHouse")
        known = json.loads(card.read_text())
        yield {"host": "127.0.0.1", "port": known["port"], "password": known["secret"]}
    finally:
        process.kill()  # it would let a query that nobody waits for any more come to its end
        process.wait(30)


if __name__ == "__main__":
    server.Engine = ReadOnly  # type: ignore[misc]
    sys.exit(server.serve(Path(sys.argv[1]), 0))
