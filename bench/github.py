"""10,000 pull requests of a recorded organisation with all that happened to them, beside a walk of one call each.

Both ask the same server over HTTP, which waits 50 ms before each answer. The walk asks REST for each pull request by
its number, over one kept connection, and gets only that: no review, no comment. It is sampled and scaled.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 5
LATENCY_S = 0.05


def main() -> int:
    """Serve, read, walk, print the ratio; 1 if the limit was missed."""
    asked = argparse.ArgumentParser(prog="python -m bench.github", description=__doc__)
    asked.add_argument("--pulls", type=int, default=10_000)
    asked.add_argument("--sample", type=int, default=200, help="pull requests of the walk that are really asked for")
    asked.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.serve:
        return _serve(options.pulls)
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as home:
        os.environ["SIGHTLINE_HOME"] = home
        words = [sys.executable, "-m", "bench.github", "--serve", "--pulls", str(options.pulls)]
        server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout
            return _measured(Path(home), server.stdout.readline().strip(), options.pulls, options.sample)
        finally:
            server.kill()
            server.wait()


def _serve(pulls: int) -> int:
    from tests.servers import github_data
    from tests.servers.github_replies import github

    with github(github_data.repository(pulls=pulls)) as server:
        server.latency_s = LATENCY_S
        print(server.url, flush=True)
        while True:
            time.sleep(60)


def _measured(home: Path, url: str, pulls: int, sample: int) -> int:
    from core.access import workspaces
    from core.base.queue import InlineQueue
    from core.base.settings import settings
    from core.bootstrap import build
    from core.connections import service as connections
    from core.ingestion import providers, service
    from core.stores.metrics import embedded
    from tests.servers.github_replies import TOKEN

    process = embedded.launch(home)
    house = build(settings(), InlineQueue())
    house.migrate()
    ctx = house.context(workspaces.create(house.app, name="Bench", now=house.clock()))
    account = connections.create(ctx, "hub", "github", {"url": url, "token": TOKEN})
    (source,) = providers.add(ctx, account.id, ["acme/api"])

    began = time.perf_counter()
    result = service.sync(ctx, source)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    again = service.sync(ctx, source)
    quiet = time.perf_counter() - began
    walk = _walked(url, TOKEN, pulls, sample) * pulls

    whole = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in result.counts.items())
    print(f"all of it: {seconds:,.1f} s ({pulls / seconds:,.0f} pull requests/s): {whole}")
    print(f"again, with what is open and what was closed lately: {quiet:,.1f} s, {len(again.counts)} tables changed")
    print(f"one call each: {walk / pulls * 1000:,.0f} ms ({sample} asked), so {walk:,.0f} s for {pulls:,} (scaled)")
    print(f"ratio: {walk / seconds:,.1f} × (limit {LIMIT} ×)")
    house.close()
    process.terminate()
    process.wait(20)
    return int(walk / seconds < LIMIT or result.counts["pull_requests"] != pulls or bool(again.counts))


def _walked(url: str, token: str, pulls: int, sample: int) -> float:
    """Seconds that one pull request takes, asked for alone."""
    import httpx

    with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as client:
        began = time.perf_counter()
        for number in range(1, pulls + 1, max(pulls // sample, 1)):
            reply = client.get(f"{url}/api/v3/repos/acme/api/pulls/{number}")
            assert reply.json()["number"] == number
        return (time.perf_counter() - began) / len(range(1, pulls + 1, max(pulls // sample, 1)))


if __name__ == "__main__":
    sys.exit(main())
