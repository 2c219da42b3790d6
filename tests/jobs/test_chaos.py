"""Workers and the web app are killed at random while much is asked for: all ends, nothing comes twice or lies about.

The kills come when they come; `SEED` only decides whom they meet. Everything runs as in a house: two workers and the
web app as processes, mail to a server, requests over HTTP.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from core.access import tokens, users, workspaces
from core.base.settings import settings
from core.bootstrap import House, build, prepare
from core.context import Context
from core.delivery.models import Delivery
from core.delivery.service import PERHAPS
from core.exports import orphans
from core.exports.models import ExportJob
from core.reports import service as reports
from core.reports.models import ReportRun
from core.schedules import service as schedules
from core.schedules.models import Occurrence, ScheduledReport
from core.schedules.wish import Wish
from core.stores.app.store import ROOT
from core.stores.metrics import MetricsStore, embedded
from jobs.queue import connect
from tests.catalogue.factories import History
from tests.delivery.post_office import PostOffice, free_port

EACH = 100
"""Runs by schedules, runs by HTTP, and exports by HTTP: 300 in all, and 200 mails."""
SEED = 20261127
KILLS = 14
THREADS = 3
"""Of a worker: two for whatever comes, and one more that no long task holds."""
PATIENCE_S = 240.0
FORMATS = ("csv", "json", "html", "markdown")


@dataclass
class Place:
    """A house whose processes come and go."""

    house: House
    ctx: Context
    office: PostOffice
    port: int
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    web: subprocess.Popen[bytes] | None = None
    token: str = ""
    killed: Counter[str] = field(default_factory=Counter)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.house.settings.home / "processes.log").open("ab") as log:
            return subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stdout=log, stderr=log)

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start("jobs.worker")

    def door(self) -> subprocess.Popen[bytes]:
        where = ("--server.address", "127.0.0.1", "--server.port", str(self.port))
        return self.start("streamlit", "run", "app.py", *where)

    def ask(self, path: str, body: dict[str, str] | None = None) -> None:
        """Ask until the web app has said that it heard: whoever is cut off asks again."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                answer = httpx.post(
                    f"http://127.0.0.1:{self.port}/api/v1/{path}", json=body, timeout=30,
                    headers={"Authorization": f"Bearer {self.token}"},
                )  # fmt: skip
                assert answer.status_code < 500, answer.text
                if answer.is_success:
                    return
                raise AssertionError(answer.text)
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("The web app did not come back.")

    def kill_one(self, dice: random.Random) -> None:
        """SIGKILL to a worker, or now and then to the web app; another one starts."""
        if dice.random() < 0.2 and self.web:
            self.killed["web"] += 1
            _kill(self.web)
            self.web = self.door()
        else:
            self.killed["worker"] += 1
            place = dice.randrange(len(self.workers))
            _kill(self.workers[place])
            self.workers[place] = self.worker()

    def open(self) -> dict[str, int]:
        """What has not ended yet, by kind."""
        with self.house.app.reading() as session:
            waits = {
                kind.__tablename__: session.scalar(
                    sa.select(sa.func.count()).where(kind.status.in_(("pending", "running", "claimed")))
                )
                for kind in (ReportRun, ExportJob, Delivery, Occurrence)
            }
            waits["scheduled_reports"] = EACH - (session.scalar(sa.select(sa.func.count(Occurrence.id))) or 0)
        return {name: number for name, number in waits.items() if number}

    def log(self) -> str:
        return (self.house.settings.home / "processes.log").read_text()[-6000:]


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.fixture
def place(tmp_path: Path, home: Path, metrics: MetricsStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    office, port, url = PostOffice().start(), free_port(), embedded.address(home)
    told = {
        "home": str(tmp_path), "metrics_url": url, "workers": "2", "demo": "false", "port": str(port),
        "smtp_host": "127.0.0.1", "smtp_port": str(office.port), "smtp_security": "none",
        "mail_from": "reports@example.org", "api_requests_per_minute": "100000",
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(f"SIGHTLINE_{name.upper()}", value)
    settings.cache_clear()
    config = settings()
    house = build(config, connect(config))
    prepare(house)
    made = Place(house, _workspace(house), office, port)
    yield made
    for process in filter(None, (*made.workers, made.web)):
        _kill(process)
    office.stop()
    house.app.close()
    monkeypatch.undo()
    settings.cache_clear()


def _workspace(house: House) -> Context:
    history = History(house.context(workspaces.create(house.app, name="Acme", now=house.clock())))
    history.commit("ann", "2026-03-02 09:00")
    ctx = history.ingest()
    users.add(ctx, username="ada", email="ada@example.org", role="admin", password="a sentence of several words")
    ada = users.named(house.app, "ada")
    return ctx.as_actor(users.actor_for(house.app, ada.id, ctx.workspace.id))


def test_kills_at_random_lose_nothing_send_nothing_twice_and_leave_nothing_lying(place: Place) -> None:
    place.token = tokens.make(place.ctx, "chaos", ["reports:run", "export", "reports:read"])
    scheduled = [_report(place.ctx, f"Scheduled {n}") for n in range(EACH)]
    asked = [_report(place.ctx, f"Asked {n}") for n in range(EACH)]
    made = reports.run_now(place.ctx, _report(place.ctx, "Exported"))
    for report_id in scheduled:
        to = [f"ann-{report_id}@example.org", f"bo-{report_id}@example.org"]
        schedules.create(place.ctx, report_id, Wish(cron="0 9 * * *", recipients=to, formats=("csv",)))
    reports.execute(place.house, place.ctx.workspace.id, made.id)
    _all_due(place)
    place.workers, place.web = [place.worker(), place.worker()], place.door()

    with ThreadPoolExecutor(1) as thread:
        _kill_while(place, thread.submit(_ask_for_all, place, asked, made.id))
    _until_all_ended(place)

    _nothing_lost(place)
    _nothing_twice(place)
    _nothing_left_lying(place)


def _report(ctx: Context, name: str) -> str:
    blocks = [{"widget": "metric.stat", "params": {"metric": "commits_count"}}]
    plan = {"title": name, "window": {"range": "2026-03-01..2026-03-31"}, "sections": [{"title": "", "blocks": blocks}]}
    return reports.create(ctx, name, {"formats": ["csv"]}, plan=plan).id


def _all_due(place: Place) -> None:
    now = place.house.clock()
    with place.house.app.session() as session:
        session.execute(sa.update(ScheduledReport).values(next_due_at=now, next_run_at=now))


def _ask_for_all(place: Place, asked: list[str], run_id: str) -> None:
    for number, report_id in enumerate(asked):
        place.ask(f"reports/{report_id}/runs")
        body = {"export_type": "report", "run_id": run_id, "format": FORMATS[number % len(FORMATS)]}
        place.ask("reports/exports", body)


def _kill_while(place: Place, asking: Future[None]) -> None:
    dice = random.Random(SEED)
    while sum(place.killed.values()) < KILLS or not asking.done():
        time.sleep(dice.uniform(0.8, 2.5))
        if sum(place.killed.values()) < KILLS:
            place.kill_one(dice)
    asking.result()


def _until_all_ended(place: Place) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while waits := place.open():
        assert time.monotonic() < deadline, f"still open: {waits}\n{place.log()}"
        time.sleep(0.2)


def _nothing_lost(place: Place) -> None:
    with place.house.app.reading() as session:
        ran = Counter(session.execute(sa.select(ReportRun.status, ReportRun.error)))
        sent = Counter(session.scalars(sa.select(Occurrence.status)))
        made = Counter(session.execute(sa.select(ExportJob.status, ExportJob.error)))
        reports_run = set(session.scalars(sa.select(ReportRun.report_id)))
    assert set(ran) == {("success", None)}, ran
    assert len(reports_run) == 2 * EACH + 1
    assert sent == {"posted": EACH}
    assert set(made) == {("success", None)}, made


def _nothing_twice(place: Place) -> None:
    """One mail each; one or none where its worker was killed while the server took it, and that is said."""
    with place.house.app.reading() as session:
        rows = session.scalars(sa.select(Delivery).where(Delivery.topic.is_not(None))).all()
    got = Counter(str(mail["X-Envelope-To"]) for mail in place.office.mails)
    ids = Counter(str(mail["Message-ID"]) for mail in place.office.mails)
    assert len(rows) == 2 * EACH
    assert max(ids.values()) == 1, [one for one, times in ids.items() if times > 1]
    unsure = [row for row in rows if row.status == "failed" and row.error == PERHAPS.format(recipient=row.recipient)]
    assert len(unsure) <= THREADS * place.killed["worker"], "only what was at the server in that moment"
    for row in rows:
        ended = (row.status, got[row.recipient])
        assert row in unsure or ended == ("success", 1), (*ended, row.error)


def _nothing_left_lying(place: Place) -> None:
    files = place.house.settings.home / "files"
    with place.house.app.reading() as session:
        owned = {*session.scalars(sa.select(ExportJob.file_path)), *session.scalars(sa.select(Delivery.letter_key))}
    later = place.house.clock() + timedelta(days=2)
    orphans.sweep(House(**{**vars(place.house), "clock": lambda: later}))
    there = {file.relative_to(files).as_posix() for file in files.rglob("*") if file.is_file()}
    assert there == owned
