"""Long tables as CSV: a header line, then every row as it comes. Spreadsheets open it rightly and run nothing of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from core.documents.long.table import Batch, LongTable
from core.documents.renderers.csv import BOM, safe
from core.figures import Column, Scalar


@dataclass(frozen=True, slots=True)
class LongCsv:
    key: str = "csv"
    label: str = "CSV"
    media_type: str = "text/csv; charset=utf-8"
    suffix: str = ".csv"

    def write(self, table: LongTable, out: BinaryIO, written: Callable[[int], None]) -> None:
        """Every row on a line; a demo's rows say so."""
        text = io.TextIOWrapper(out, "utf-8", newline="", write_through=False)
        writer, done = csv.writer(text, lineterminator="\r\n"), 0
        text.write(BOM)
        writer.writerow([*(safe(column.label or column.key) for column in table.cols), *["data"] * table.is_demo])
        for batch in table.batches:
            writer.writerows(_lines(batch, table.cols, table.is_demo))
            written(done := done + len(batch))
        text.detach()


def _lines(batch: Batch, cols: Sequence[Column], demo: bool) -> Iterable[tuple[Any, ...]]:
    """The batch as a writer takes it, worked out a column at a time."""
    told: list[Iterable[Any]] = [[_cell(row[place]) for row in batch] for place, _ in enumerate(cols)]
    return zip(*told, *([["demo"] * len(batch)] if demo else []), strict=True)


def _cell(cell: Scalar) -> Scalar:
    """A cell as a file may hold it: no formula, and moments as spreadsheets read them."""
    if isinstance(cell, str):
        return safe(cell)
    return f"{cell:%Y-%m-%d %H:%M:%S}" if isinstance(cell, datetime) else cell
