"""What this machine says of itself: its variables, its time zone, its clock. Doors ask; rooms are told."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from core.base.errors import BadInput

LOCALTIME = Path("/etc/localtime")
NAMED = Path("/etc/timezone")
SET_RIGHT = "Set it right in the environment or in .env."
"""What to do about a variable that is wrong."""

RARELY = 100_000
"""New objects between two looks for garbage: what is imported is none, and would be looked at again and again."""


def variables() -> Mapping[str, str]:
    """The environment."""
    return os.environ


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def without_plugins_of_pydantic() -> None:
    """Pydantic looks through every installed package for plugins of its own when it is imported; we use none."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def for_a_moment() -> None:
    """Settle a process that is over soon: it looks for garbage rarely, and does no linear algebra on all cores."""
    gc.set_threshold(RARELY)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def leave(code: int) -> NoReturn:
    """End this process, without taking apart what ends with it: that takes longer than a small query.

    What was registered to happen at the end happens, and a thread that still works is waited for, as ever.
    """
    if threading.active_count() > 1:
        sys.exit(code)
    atexit._run_exitfuncs()
    with suppress(BrokenPipeError):  # nobody reads any more
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def zone(said: Mapping[str, str] | None = None, localtime: Path = LOCALTIME, named: Path = NAMED) -> str:
    """The IANA name of this machine's zone: of TZ, else of /etc/localtime, else of /etc/timezone, else UTC.

    BadInput if TZ is set to something else than an IANA name.
    """
    tz = (variables() if said is None else said).get("TZ")
    if tz is not None:
        return _of_variable(tz)
    return _of_path(localtime) or _of_text(named) or "UTC"


def _of_variable(tz: str) -> str:
    """TZ may carry a colon before a name, or the path of a zone's file; empty it means UTC."""
    name = tz.removeprefix(":")
    name = _below_zoneinfo(name) or name if name.startswith("/") else name or "UTC"
    if not _exists(name):
        raise BadInput(
            f"This machine's time zone is TZ='{tz}', which is no IANA name."
            " Set TZ to one such as Europe/Berlin, or write 'timezone' into the report file."
        )
    return name


def _of_path(path: Path) -> str:
    if not path.is_symlink():
        return ""
    name = _below_zoneinfo(str(path.readlink())) or _below_zoneinfo(str(path.resolve()))
    return name if _exists(name) else ""


def _of_text(path: Path) -> str:
    try:
        name = path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return name if _exists(name) else ""


def _below_zoneinfo(path: str) -> str:
    name = path.partition("/zoneinfo/")[2]
    return name.removeprefix("posix/").removeprefix("right/")


def _exists(name: str) -> bool:
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (ValueError, OSError, LookupError):
        return False
