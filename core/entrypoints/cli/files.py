"""What `report` and `export` share: formats by commas, and files written whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import uuid4

from core.base.errors import BadInput, StorageFull

if TYPE_CHECKING:
    from core.documents.long import LongTable
    from core.exports.service import Download, Sending


def formats_of(text: str) -> list[str]:
    """ "pdf, xlsx" to ["pdf", "xlsx"]; BadInput with the nearest name for an unknown one."""
    from core.reports.references import check_formats

    names = list(dict.fromkeys(name.strip().casefold() for name in text.split(",") if name.strip()))
    check_formats(names)
    return names


def write(download: Download | Sending, folder: Path | None) -> str:
    """Write the file into `folder` (made if missing; default here); its path."""
    folder = (folder or Path()).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise BadInput(f"'{folder}' is no folder.") from error
    except OSError as error:
        raise BadInput(f"The folder '{folder}' cannot be made: {error.strerror}.") from error
    return whole(folder / download.name, download.pieces)


def whole(target: Path, pieces: Iterable[bytes]) -> str:
    """Write `target` from its pieces, all of it or nothing; its path."""
    with writing(target) as file:
        file.writelines(pieces)
    return str(target)


def streamed(target: Path, table: LongTable, fmt: str, written: Callable[[int], None]) -> str:
    """Write `target` from rows as they come, all of it or nothing; its path."""
    from core.documents.long import LONG

    with writing(target) as file:
        LONG.get(fmt).write(table, file, written)
    return str(target)


@contextmanager
def writing(target: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `target` when the block ends well; StorageFull where it cannot be written."""
    part = target.with_name(f".{uuid4().hex}")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(target)
    except OSError as error:
        raise StorageFull(f"The file could not be written to {target.parent}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
