"""`sightline report run -c FILE… -s DAY -e DAY`, as report files are mostly run.

Reading these words takes nothing. The machinery that reads all commands takes longer
to import than a small query runs, so whatever else stands there is left to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.entrypoints.cli.report_files.running import Wish

COMMAND = ["report", "run"]
FILES = ("-c", "--config-file")
DAYS = {"-s": "start", "--start-date": "start", "-e": "end", "--end-date": "end"}


def wish(words: Sequence[str]) -> Wish | None:
    """What these words ask for; None if they say anything that is not read here."""
    files: list[Path] = []
    days: dict[str, str] = {}
    flag = ""
    for word in words[len(COMMAND) :] if list(words[:2]) == COMMAND else ():
        if word.startswith("-"):
            if word not in (*FILES, *DAYS) or _waits(flag):
                return None
            flag = word
        elif flag in FILES or flag == "files":
            files.append(Path(word))
            flag = "files"
        elif flag in DAYS:
            days[DAYS[flag]] = word
            flag = "done"
        else:
            return None
    if not files or _waits(flag):
        return None
    from core.entrypoints.cli.report_files.running import Wish

    return Wish(files, start=days.get("start", ""), end=days.get("end", ""))


def _waits(flag: str) -> bool:
    """Whether a flag still lacks its value."""
    return flag in FILES or flag in DAYS
