"""A real Prometheus server over samples of the test's own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers import answers, free_port, wait_until

CONFIG = "global:\n  scrape_interval: 1h\nscrape_configs: []\n"


@contextmanager
def prometheus(samples: Sequence[str]) -> Iterator[str]:
    """The address of a server that holds `samples`: lines of OpenMetrics, each with its time in seconds."""
    for needed in ("prometheus", "promtool"):
        assert shutil.which(needed), f"The tests need {needed}. On Debian and Ubuntu: sudo apt-get install prometheus"
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        (folder / "prometheus.yml").write_text(CONFIG)
        (folder / "samples").write_text("\n".join([*samples, "# EOF", ""]))
        create = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "--quiet"]
        subprocess.run([*create, str(folder / "samples"), str(folder / "data")], check=True, capture_output=True)
        port = free_port()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    "prometheus",
                    f"--config.file={folder / 'prometheus.yml'}",
                    f"--storage.tsdb.path={folder / 'data'}",
                    "--storage.tsdb.retention.time=100y",
                    f"--web.listen-address=127.0.0.1:{port}",
                ],
                stdout=log,
                stderr=log,
            )
        try:
            wait_until(lambda: answers(port) and _ready(port), "Prometheus")
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _ready(port: int) -> bool:
    import httpx

    try:
        return httpx.get(f"http://127.0.0.1:{port}/-/ready").status_code == 200
    except httpx.TransportError:
        return False
