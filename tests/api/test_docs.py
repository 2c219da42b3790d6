"""docs/api.md: every example in it is run against a real server, as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from core.access import tokens, users, workspaces
from core.bootstrap import House
from core.entrypoints.api import programs
from core.reports import exporting, runs
from core.reports import service as reports
from core.schedules import service as schedules
from core.schedules.wish import Wish
from core.stores.metrics import MetricsStore
from tests import fresh
from tests.api.conftest import a_refused_letter
from tests.catalogue.factories import History
from tests.fresh import NOW

PAGE = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text()
EXAMPLES = re.findall(r"```(graphql|sh)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def server(
    metrics: MetricsStore, tmp_path_factory: pytest.TempPathFactory, home: Path, blank: Path
) -> Iterator[dict[str, str]]:
    """A server with one workspace; what the examples' names stand for in it."""
    folder = tmp_path_factory.mktemp("examples")
    app = fresh.copied(blank, folder / "app.db")
    house = fresh.house(home, app, metrics, folder)
    running = uvicorn.Server(
        uvicorn.Config(Starlette(routes=programs(lambda: house)), port=0, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        thread.join(0.02)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield {"base": f"http://127.0.0.1:{port}", **named(house)}
    running.should_exit = True
    thread.join(10)
    app.close()


def named(house: House) -> dict[str, str]:
    ctx = house.context(workspaces.create(house.app, name="My org", now=NOW))
    users.add(ctx, username="mara", email="mara@example.org", role="member")
    users.add(ctx, username="ines", email="ines@example.org", role="admin")
    history = History(ctx)
    history.commit("ann", "2026-03-03 09:00")
    history.ingest()
    ines = users.named(house.app, "ines")
    ctx = ctx.as_actor(users.actor_for(house.app, ines.id, ctx.workspace.id))
    report = reports.create(ctx, "Health", {"metrics": ["commits_count"], "formats": ["html"]})
    reports.update(ctx, report.id, description="How we are.")
    before = runs.run_now(ctx, report.id)
    runs.execute(house, ctx.workspace.id, before.id)
    run = reports.run_now(ctx, report.id)
    runs.execute(house, ctx.workspace.id, run.id)
    export = exporting.request_report(ctx, run.id, "html")
    exporting.execute(house, ctx.workspace.id, export)
    schedule = schedules.create(ctx, report.id, Wish(kept_only=True))
    refused = [a_refused_letter(ctx, schedule.id, run.id, f"{name}@example.org") for name in ("ada", "eve")]
    token = tokens.make(ctx, "docs", tokens.OFFERED)
    return {
        "TOKEN": token,
        "REPORT": report.id,
        "RUN": run.id,
        "BEFORE": before.id,
        "SCHEDULE": schedule.id,
        "EXPORT": export,
        "DELIVERY": refused[0],
        "OTHER": refused[1],
    }


@pytest.mark.parametrize(("kind", "text"), EXAMPLES, ids=[f"{kind}-{n}" for n, (kind, _) in enumerate(EXAMPLES)])
def test_every_example_does_what_it_says(server: dict[str, str], kind: str, text: str, tmp_path: Path) -> None:
    if kind == "graphql":
        for name in ("REPORT", "RUN", "BEFORE", "SCHEDULE", "EXPORT", "OTHER"):
            text = text.replace(f'"{name}"', f'"{server[name]}"')
        signed = {"Authorization": f"Bearer {server['TOKEN']}"}
        answer = httpx.post(f"{server['base']}/api/graphql", json={"query": text}, headers=signed).json()
        assert "errors" not in answer and all(answer["data"].values()), answer
    elif "curl" in text:
        strict = 'curl() { command curl -sS --fail-with-body "$@"; }\n'
        script = strict + text.replace("http://127.0.0.1:8501", server["base"])
        known = {**os.environ, **server}
        words = ["bash", "-ec", script]
        done = subprocess.run(words, check=False, env=known, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0 and '"errors"' not in done.stdout, done.stdout + done.stderr
    else:
        offered = re.search(r"--may (\S+)", text)
        assert offered and set(offered[1].split(",")) <= set(tokens.OFFERED)


def test_the_table_of_words_names_every_one() -> None:
    assert sorted(re.findall(r"^\| `([a-z:]+)` \|", PAGE, re.MULTILINE)) == sorted(tokens.OFFERED)
