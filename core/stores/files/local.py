"""Files under one folder. A file appears whole or not at all."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from core.base.errors import BadInput, NotFound, StorageFull


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A stored file's key and its size in bytes."""

    key: str
    size: int


class FileStore(Protocol):
    """Bytes by key. A key is slash-separated, without dots at the front of a part."""

    def put(self, key: str, content: bytes) -> KeptFile:
        """Keep `content`, all or nothing; StorageFull when there is no room."""

    def writing(self, key: str) -> AbstractContextManager[BinaryIO]:
        """A context manager with a binary file to stream into; kept when the block ends well."""

    def read(self, key: str) -> bytes:
        """The bytes; NotFound if the file is gone."""

    def pieces(self, key: str) -> Iterator[bytes]:
        """The bytes in pieces, for files of any size; NotFound at once if the file is gone."""

    def path(self, key: str) -> Path | None:
        """A local path to stream from, where there is one."""

    def delete(self, key: str) -> None:
        """Remove it; quiet when it is gone already."""

    def used_bytes(self) -> int:
        """Bytes kept in all."""

    def old(self, prefix: str, before: datetime) -> Iterator[str]:
        """Keys below the folder `prefix` that were written before then."""

    def tidy(self, before: datetime) -> int:
        """Remove what was begun before then and never finished, as by a process that was killed; how many."""

    def check(self) -> str:
        """Where the files are; StoreUnreachable if that does not answer."""


PIECE = 256 * 1024
"""Bytes that are held at once of a file that is sent on."""
GONE = "The file is no longer kept. Run the report again to make a new one."
_KEY = re.compile(r"^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$")


def valid(key: str) -> str:
    """The key; BadInput if it is none."""
    if not _KEY.match(key):
        raise BadInput(f"'{key}' is no valid file key.")
    return key


class LocalFiles:
    """A folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, content: bytes) -> KeptFile:
        with self.writing(key) as file:
            file.write(content)
        return KeptFile(key, len(content))

    @contextmanager
    def writing(self, key: str) -> Iterator[BinaryIO]:
        target = self._path(key)
        part = target.with_name(f".{target.name}.{uuid4().hex}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFull(
                    f"There is no room left under {self.root} to keep the file. Free some space and run it again."
                ) from error
            raise StorageFull(f"The file could not be kept under {self.root}: {error.strerror or error}.") from error
        finally:
            part.unlink(missing_ok=True)

    def read(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(GONE) from error

    def pieces(self, key: str) -> Iterator[bytes]:
        if not (found := self._path(key)).exists():
            raise NotFound(GONE)
        return _read(found)

    def path(self, key: str) -> Path | None:
        found = self._path(key)
        return found if found.exists() else None

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def check(self) -> str:
        return str(self.root)

    def old(self, prefix: str, before: datetime) -> Iterator[str]:
        for file in self._older(valid(prefix), before):
            if not file.name.startswith("."):
                yield file.relative_to(self.root).as_posix()

    def tidy(self, before: datetime) -> int:
        found = [file for file in self._older(".", before) if file.name.startswith(".")]
        for file in found:
            file.unlink(missing_ok=True)
        return len(found)

    def used_bytes(self) -> int:
        return sum(entry.stat().st_size for entry in self.root.rglob("*") if entry.is_file())

    def _older(self, folder: str, before: datetime) -> Iterator[Path]:
        for file in (self.root / folder).rglob("*"):
            with suppress(FileNotFoundError):  # somebody has just removed it
                if file.is_file() and file.stat().st_mtime < before.timestamp():
                    yield file

    def _path(self, key: str) -> Path:
        return self.root / valid(key)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
