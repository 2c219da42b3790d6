"""A connection whose rows ask for room in the report's memory as they come."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from typing import TYPE_CHECKING

from core.datasources.room import growing

if TYPE_CHECKING:
    import pyarrow as pa

    from core.datasources.kinds.sql.reading import Door
    from core.datasources.kinds.sql.tokens import Statement


class Counting:
    def __init__(self, door: Door) -> None:
        self._door = door
        self.broken = door.broken

    def batches(self, statement: Statement, most: int) -> Generator[pa.RecordBatch, None, None]:
        with closing(self._door.batches(statement, most)) as source:
            for batch in source:
                growing(batch.nbytes)
                yield batch

    def stop(self) -> None:
        self._door.stop()

    def close(self) -> None:
        self._door.close()
