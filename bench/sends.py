"""200 schedules due in the same minute, sent by one worker while people use the app: `python -m bench.sends`.

Each is a report of the gallery over the demo workspace, with its narrative, mailed with a PDF to two people. The mail
server, the worker and the web app are processes and threads of this machine, as in a house. Prints how long it takes
until the last mail is there, what was lost or came twice, and how fast pages answer meanwhile; 1 if a limit is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.pages import ROOT, browse, free_port, furnish, served

if TYPE_CHECKING:
    from core.context import Context

LIMIT_S = 600.0
P95_LIMIT_S = 1.0
EACH_TO = 2
THINK_S = 5.0
NEEDS_A_CONNECTION = "product-analytics-daily"


@dataclass
class Office:
    """A mail server that counts."""

    got: Counter[str] = field(default_factory=Counter)
    """Mails by recipient: each schedule has recipients of its own."""
    last: float = 0.0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.got.update(envelope.rcpt_tos)
        self.last = time.monotonic()
        return "250 OK"


def main() -> int:
    """Send, watch, print."""
    asked = argparse.ArgumentParser(prog="python -m bench.sends", description=__doc__)
    asked.add_argument("--schedules", type=int, default=200)
    asked.add_argument("--browsers", type=int, default=5, help="open pages, a click every five seconds each")
    asked.add_argument("--home", type=Path, help="keep the demo here, and use it if it is there")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder, _mail() as office:
        home = options.home or Path(folder)
        cookie = furnish(home)
        expected = _scheduled(options.schedules)
        with served(home) as (port, _):
            return _measured(home, port, cookie, office, expected, options.browsers)


def _measured(home: Path, port: int, cookie: str, office: Office, expected: set[str], browsers: int) -> int:
    asyncio.run(browse(port, cookie, "", clicks=2, think=0.0))
    _all_due()
    started = time.monotonic()
    with _worker(home):
        clicks = _while_sending(port, cookie, office, len(expected), browsers)
    took = office.last - started
    lost, twice = sorted(expected - set(office.got)), sorted(one for one, times in office.got.items() if times > 1)
    failed = _failed()
    p95 = clicks[int(len(clicks) * 0.95)] if clicks else float("inf")
    reports = len(expected) // EACH_TO
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {len(expected)} mails of {reports} reports")
    for measure, value, limit in (
        ("until the last mail, s", f"{took:.1f}", f"< {LIMIT_S:.0f}"),
        ("lost", len(lost), "0"),
        ("twice", len(twice), "0"),
        ("runs that missed something", failed, "0"),
        (f"{browsers} browsers, {len(clicks)} clicks: p95, s", f"{p95:.2f}", f"< {P95_LIMIT_S:.0f}"),
    ):
        print(f"{measure:<40} {value!s:>8}  {limit}")
    return int(bool(lost or twice or failed) or took > LIMIT_S or p95 > P95_LIMIT_S)


def _while_sending(port: int, cookie: str, office: Office, mails: int, browsers: int) -> list[float]:
    """Click until every mail is there; the seconds of each click, sorted."""
    clicks: list[float] = []
    deadline = time.monotonic() + 2 * LIMIT_S

    def done() -> bool:
        return sum(office.got.values()) >= mails or time.monotonic() > deadline

    def one() -> None:
        while not done():
            found = asyncio.run(browse(port, cookie, "", clicks=4, think=THINK_S, lead=random.uniform(0, THINK_S)))
            clicks.extend(answer.seconds for answer in found[1:])

    people = [threading.Thread(target=one) for _ in range(browsers)]
    for person in people:
        person.start()
    while not done():
        time.sleep(0.1)
    for person in people:
        person.join()
    return sorted(clicks)


def _scheduled(schedules: int) -> set[str]:
    """Make so many schedules over reports of every template; whom their mails go to."""
    from core.reports import templates
    from core.schedules import service
    from core.schedules.wish import Wish

    ctx = _demo()
    left_out = {*templates.OF_ONE, NEEDS_A_CONNECTION}
    keys = [key for key in templates.GALLERY if key not in left_out]
    reports = [templates.create_from(ctx, key, f"{key} (bench)").id for key in keys]
    expected: set[str] = set()
    for number in range(schedules):
        to = [f"reader{number}-{place}@example.org" for place in range(EACH_TO)]
        service.create(ctx, reports[number % len(reports)], Wish(cron="0 9 * * *", recipients=to, formats=("pdf",)))
        expected.update(to)
    return expected


def _all_due() -> None:
    import sqlalchemy as sa

    from core.bootstrap import house
    from core.schedules.models import ScheduledReport

    now = house().clock()
    ours = ScheduledReport.cron == "0 9 * * *"
    with house().app.session() as session:
        session.execute(sa.update(ScheduledReport).where(ours).values(next_due_at=now, next_run_at=now))


def _failed() -> int:
    """Runs of the clock that did not end well: of those readers get no report."""
    import sqlalchemy as sa

    from core.bootstrap import house
    from core.reports.models import ReportRun

    ours = sa.and_(ReportRun.occurrence_id.is_not(None), ReportRun.status != "success")
    with house().app.reading() as session:
        return session.scalar(sa.select(sa.func.count()).where(ours)) or 0


def _demo() -> Context:
    from core.access import workspaces
    from core.bootstrap import house

    return house().context(workspaces.find(house().app, "demo"))


@contextmanager
def _mail() -> Iterator[Office]:
    from aiosmtpd.controller import Controller

    office = Office()
    port = free_port()
    server = Controller(office, hostname="127.0.0.1", port=port)
    server.start()
    os.environ.update(
        SIGHTLINE_SMTP_HOST="127.0.0.1",
        SIGHTLINE_SMTP_PORT=str(port),
        SIGHTLINE_SMTP_SECURITY="none",
        SIGHTLINE_MAIL_FROM="reports@example.org",
    )
    yield office
    server.stop()


@contextmanager
def _worker(home: Path) -> Iterator[None]:
    with (home / "bench-worker.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "jobs.worker"], cwd=ROOT, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


if __name__ == "__main__":
    sys.exit(main())
