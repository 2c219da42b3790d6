"""What a long table is, and which formats can be written of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from core.base.registry import Registry
from core.figures import Column, Scalar

Batch = Sequence[Sequence[Scalar]]


@dataclass(frozen=True, slots=True)
class LongTable:
    """Rows that come a batch at a time and are gone when they are written."""

    title: str
    cols: tuple[Column, ...]
    batches: Iterator[Batch]
    total: int
    """How many rows there will be, as counted before the first came."""
    about: tuple[tuple[str, str], ...] = ()
    """What a reader must know of it, each by its label."""
    stem: str = "rows"
    """The file's name without its ending."""
    is_demo: bool = False


class LongFormat(Protocol):
    """Writes long tables in one format."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def suffix(self) -> str: ...

    def write(self, table: LongTable, out: BinaryIO, written: Callable[[int], None]) -> None:
        """The whole table into `out`; `written` is told after every batch how many rows there are by then."""


BUILT_IN = {
    "xlsx": "core.documents.long.xlsx:LongXlsx",
    "csv": "core.documents.long.csv:LongCsv",
}
"""Each is imported when somebody asks for it."""

LONG: Registry[LongFormat] = Registry("format of long tables", built_in=BUILT_IN)
