"""The hourly files: which there are, which hours are missing, and their lines without holding a file."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.base.errors import BadInput, NotFound

CHUNK = 1 << 18
HOUR = timedelta(hours=1)
_NAME = re.compile(r"(\d{4})-(\d{2})-(\d{2})-(\d{1,2})\.json(\.gz)?$")


def found(paths: Iterable[str | Path]) -> list[Path]:
    """The files themselves, and those in folders, by the hour that their names tell; NotFound if there are none."""
    files: set[Path] = set()
    for given in paths:
        path = Path(given).expanduser()
        if path.is_dir():
            files |= {one for one in path.rglob("*.json*") if _NAME.search(one.name)}
        elif path.is_file():
            files.add(path)
        else:
            raise NotFound(f"There is no file or folder '{given}'.")
    if not files:
        raise NotFound("There are no hourly files there: their names are like 2024-01-31-15.json.gz.")
    return sorted(files, key=lambda path: (hour_of(path) or datetime.max.replace(tzinfo=UTC), path.name))


def hour_of(path: Path) -> datetime | None:
    """The hour that a file is about, or None if its name does not tell."""
    told = _NAME.search(path.name)
    if told is None:
        return None
    year, month, day, hour = (int(part) for part in told.groups()[:4])
    try:
        return datetime(year, month, day, hour, tzinfo=UTC)
    except ValueError:
        return None


def complete_until(files: Iterable[Path]) -> tuple[datetime | None, list[datetime]]:
    """The end of the hours that follow one another from the first, and the hours that are missing between."""
    hours = sorted({hour for path in files if (hour := hour_of(path))})
    if not hours:
        return None, []
    missing, at = [], hours[0]
    for hour in hours:
        while at < hour:
            missing.append(at)
            at += HOUR
        at = hour + HOUR
    return (missing[0] if missing else at), missing


def lines(path: Path) -> Iterator[list[bytes]]:
    """The lines of a file, many at once; BadInput if it is damaged."""
    rest = b""
    try:
        for chunk in _chunks(path):
            parts = (rest + chunk).split(b"\n")
            rest = parts.pop()
            yield parts
    except (zlib.error, EOFError) as error:
        raise BadInput(f"'{path.name}' is damaged or was not copied whole: {error}. Fetch it again.") from error
    if rest:
        yield [rest]


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        start = file.read(2)
        file.seek(0)
        if start != b"\x1f\x8b":
            while chunk := file.read(CHUNK):
                yield chunk
            return
        unpacking = zlib.decompressobj(wbits=31)
        while packed := file.read(CHUNK):
            while packed:
                yield unpacking.decompress(packed)
                # A file may be several packed ones in a row.
                packed = unpacking.unused_data
                if unpacking.eof and packed:
                    unpacking = zlib.decompressobj(wbits=31)
        if not unpacking.eof:
            raise EOFError("it ends in the middle")
