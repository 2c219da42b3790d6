"""The check-up behind `sightline doctor`: one part that ails keeps none of the others from being looked at."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from core.base.errors import SightlineError
from core.base.settings import Settings, settings
from core.bootstrap import House, house

LITTLE_ROOM = 2_000_000_000
OLDEST_GIT = (2, 30)


@dataclass(frozen=True, slots=True)
class Finding:
    """One part's state, in words."""

    part: str
    state: Literal["well", "remark", "broken"]
    what: str
    advice: str = ""


def examine() -> list[Finding]:
    """Every part's finding, in the order of who needs whom."""
    config = settings()
    findings = [_python(), _git(), *_home(config)]
    rooms = house()
    for look in (_app_store, _metrics_store, _files, _queue_and_worker, _web, _mail, _mailbox, _single_sign_on):
        findings += _safely(look, rooms)
    return findings


def _safely(look: Callable[[House], Iterator[Finding]], rooms: House) -> list[Finding]:
    part = look.__name__.strip("_").replace("_", " ")
    try:
        return list(look(rooms))
    except SightlineError as error:
        return [Finding(part, "broken", error.message)]
    except Exception as error:  # a check-up must survive whatever it finds
        return [Finding(part, "broken", f"{type(error).__name__}: {error}")]


def _python() -> Finding:
    version = sys.version.split()[0]
    return Finding("python", "well", f"Python {version}")


def _git() -> Finding:
    path = shutil.which("git")
    if not path:
        return Finding("git", "broken", "git is not on PATH.", "Install git; repositories cannot be read without it.")
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    numbers = tuple(int(part) for part in said.split()[2].split(".")[:2])
    if numbers < OLDEST_GIT:
        return Finding(
            "git", "remark", said, "Versions before 2.30 are not tested with Sightline. Install a newer one."
        )
    return Finding("git", "well", said)


def _home(config: Settings) -> Iterator[Finding]:
    from core.entrypoints.supervisor.run import folder_is_writable

    try:
        folder_is_writable(config.home)
    except SightlineError as error:
        yield Finding("data folder", "broken", error.message)
        return
    free = shutil.disk_usage(config.home).free
    room = f"{config.home.resolve()}, {free / 1e9:,.1f} GB free"
    if free < LITTLE_ROOM:
        yield Finding("data folder", "remark", room, "Free some space: reports cannot be kept on a full disk.")
    else:
        yield Finding("data folder", "well", room)
    key = config.home / "secret.key"
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Finding("secret key", "broken", f"{key} can be read by others.", f"Run: chmod 600 {key}")


def _app_store(rooms: House) -> Iterator[Finding]:
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from core.stores.app.store import ROOT

    config = Config()
    config.set_main_option("script_location", str(ROOT / "alembic"))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with rooms.app.reading() as session:
        current = MigrationContext.configure(session.connection()).get_current_revision()
    kind = rooms.app.engine.dialect.name
    if current is None:
        yield Finding("app store", "remark", f"{kind}, still empty", "Start with `sightline up`.")
    elif current != newest:
        yield Finding("app store", "remark", f"{kind} at {current}, newest is {newest}", "Start `sightline up` once.")
    else:
        yield Finding("app store", "well", f"{kind}, schema {current}")


def _has_tables(rooms: House) -> bool:
    import sqlalchemy as sa

    with rooms.app.reading() as session:
        return sa.inspect(session.connection()).has_table("worker_heartbeats")


def _metrics_store(rooms: House) -> Iterator[Finding]:
    version = rooms.metrics.scalar("SELECT version()")
    kind = "server" if rooms.settings.metrics_url else "embedded"
    yield Finding("metrics store", "well", f"{kind}, ClickHouse {version}")


def _files(rooms: House) -> Iterator[Finding]:
    if rooms.settings.files_url:
        yield Finding("files", "well", rooms.files.check())


def _queue_and_worker(rooms: House) -> Iterator[Finding]:
    from core.stores.app import heartbeats

    yield Finding("queue", "well", f"{rooms.queue.depth()} tasks wait")
    if not _has_tables(rooms):
        yield Finding("worker", "remark", "Nothing was set up here yet.", "Start with `sightline up`.")
        return
    if alive := heartbeats.alive(rooms.app, rooms.clock()):
        yield Finding("worker", "well", f"{len(alive)} alive")
    else:
        yield Finding(
            "worker", "remark", "No worker is alive.", "Start one with `sightline up`, or `sightline worker` beside it."
        )


def _web(rooms: House) -> Iterator[Finding]:
    from core.entrypoints.supervisor.run import answers

    if answers(rooms.settings):
        yield Finding("web app", "well", f"answers at {rooms.settings.url}")
    else:
        yield Finding("web app", "remark", f"Nobody answers at {rooms.settings.url}.", "Start it with `sightline up`.")


def _mail(rooms: House) -> Iterator[Finding]:
    import socket

    config = rooms.settings
    if not config.smtp_host:
        yield Finding("mail", "remark", "No mail server is set.", "Set SIGHTLINE_SMTP_HOST to send reports by e-mail.")
        return
    try:
        socket.create_connection((config.smtp_host, config.smtp_port), timeout=5).close()
    except OSError as error:
        yield Finding(
            "mail",
            "broken",
            f"{config.smtp_host}:{config.smtp_port} does not answer: {error}.",
            "Check SIGHTLINE_SMTP_HOST and SIGHTLINE_SMTP_PORT; mails wait until it is back.",
        )
    else:
        yield Finding("mail", "well", f"{config.smtp_host}:{config.smtp_port} answers")


def _mailbox(rooms: House) -> Iterator[Finding]:
    from core.delivery import mailbox

    if (where := mailbox.mailbox_of(rooms.settings)) is None:
        return
    with mailbox.opened(where) as box:
        many = f"{box.count:,} mail{'s' * (box.count != 1)}"
    yield Finding("mailbox", "well", f"{where.host}:{where.port} answers; '{where.folder}' has {many}")


def _single_sign_on(rooms: House) -> Iterator[Finding]:
    from core.access import provider

    config = rooms.settings
    provider.check(config)
    if not config.single_sign_on:
        return
    said = f"{provider.metadata(config)['issuer']} answers"
    to_register = f"Redirect address to register there: {provider.redirect_address(config)}"
    yield Finding("single sign on", "well", said, to_register)
