"""Checking records one by one: what is well goes on, what is not is refused with its row, field and reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from core.base.errors import did_you_mean
from core.ingestion.records.kinds import Kind, Record
from core.ingestion.records.reading import Numbered

KEPT = 10_000
"""Refusals that are told one by one; beyond that they are only counted."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row was not taken."""

    row: int
    field: str
    """Empty if the whole row is at fault."""
    reason: str


@dataclass(slots=True)
class Checked:
    """What was seen so far."""

    rows: int = 0
    accepted: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, refusals: list[Refusal]) -> None:
        self.refused += 1
        self.refusals += refusals[: max(KEPT - len(self.refusals), 0)]


def checked(kind: Kind, rows: Iterable[Numbered], found: Checked, now: datetime, zone: str) -> Iterator[
    tuple[int, Record]
]:  # fmt: skip
    """The records that are well, with their rows' numbers."""
    context = {"now": now, "time_zone": zone}
    for number, row in rows:
        found.rows += 1
        if isinstance(row, str):
            found.refuse([Refusal(number, "", row)])
            continue
        try:
            record = kind.model.model_validate(row, context=context)
        except ValidationError as error:
            found.refuse([refusal(kind, number, one) for one in error.errors(include_url=False)])
            continue
        found.accepted += 1
        yield number, record


def refusal(kind: Kind, number: int, error: Any) -> Refusal:
    """One complaint as a sentence."""
    name = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "missing":
        return Refusal(number, name, f"'{name}' is missing.")
    if error["type"] == "extra_forbidden":
        return Refusal(number, name, f"There is no field '{name}'.{did_you_mean(name, kind.model.model_fields)}")
    said = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ").strip()
    value = repr(error["input"])
    shown = value if len(value) <= 60 else value[:57] + "…"
    return Refusal(number, name, f"{shown} {'' if said.startswith(('should', 'lies')) else 'is refused: '}{said}.")


def report(refusals: Iterable[Refusal]) -> bytes:
    """The refusals as CSV, as spreadsheets open it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("row", "field", "reason"))
    # A cell that begins like a formula would be run by a spreadsheet.
    writer.writerows((one.row, _plain(one.field), _plain(one.reason)) for one in refusals)
    return out.getvalue().encode("utf-8-sig")


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
