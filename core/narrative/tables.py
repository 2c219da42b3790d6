"""What tables of metrics say: a line a metric (now, before, change), or a row a team with a column a metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from core.documents import wording
from core.figures import NUMERIC, Cell, Column, Quantity, State, Table, Unit
from core.narrative.facts import Measure, Number, Role, Unusual

SUBJECTS = ("team", "repo", "component")
UNITS = {"percent": Unit.RATIO, "hours": Unit.HOURS, "integer": Unit.COUNT}
VOUCHED = "changes.top"
"""The widget that leaves out changes over too few rows, so that those it shows may be told."""
GOOD = {"Better": True, "Worse": False}


def measures_of(table: Table) -> Iterator[Measure]:
    """Every metric of the table, of the whole or of a team, repository or component; of nobody else."""
    keys = [col.key for col in table.cols]
    if {"metric", "now"} <= {*keys} and not {"person", "name"} & {*keys}:
        for row in table.rows:
            yield _listed(table, dict(zip(keys, row, strict=True)))
    elif keys and keys[0] in SUBJECTS:
        for row in table.rows:
            yield from _beside(table, row)


def _listed(table: Table, row: Mapping[str, Cell]) -> Measure:
    metric = str(row["metric"])
    subject = next((str(row[key]) for key in SUBJECTS if row.get(key)), "")

    def number(role: Role) -> Number | None:
        return _quantity(table, metric, subject, role, row.get(role))

    now, change, said = row["now"], row.get("change"), str(row.get("verdict") or "")
    state = now.state if isinstance(now, Quantity) else State.NO_DATA
    return Measure(
        table.key, table.title, metric, subject, state, number("now"), number("before"),
        change=number("change") if isinstance(change, Quantity) and change.value else None,
        good=GOOD.get(said), same=said == "Same", enough=_vouched(table),
    )  # fmt: skip


def _vouched(table: Table) -> bool:
    return any(record.block == VOUCHED for record in table.provenance)


def _quantity(table: Table, metric: str, subject: str, role: Role, cell: Cell) -> Number | None:
    if not isinstance(cell, Quantity) or cell.value is None:
        return None
    return Number(table.key, table.title, metric, subject, role, cell.value, cell.text, cell.unit)


def _beside(table: Table, row: list[Cell]) -> Iterator[Measure]:
    for col, cell in zip(table.cols[1:], row[1:], strict=True):
        if isinstance(cell, int | float) and col.kind in NUMERIC:
            yield _cell(table, col, str(row[0]), cell)


def _cell(table: Table, col: Column, subject: str, value: float) -> Measure:
    text = wording.cell_text(col, value)
    unit = UNITS.get(col.kind, Unit.NUMBER)
    now = Number(table.key, table.title, col.label, subject, "now", value, text, unit)
    return Measure(table.key, table.title, col.label, subject, now=now)


def unusual_of(table: Table) -> Iterator[Unusual]:
    """The unusual weeks of a table of those."""
    keys = [col.key for col in table.cols]
    if not {"metric", "week", "value", "usual", "most"} <= {*keys}:
        return
    for row in table.rows:
        told = dict(zip(keys, row, strict=True))
        value, usual = (_of_week(table, told, key) for key in ("value", "usual"))
        if value and usual:
            difference = str(told["difference"] or "")
            yield Unusual(value, usual, difference, str(told["most"] or ""), GOOD.get(str(told["verdict"])))


def _of_week(table: Table, told: Mapping[str, Cell], key: str) -> Number | None:
    cell, week = told[key], told["week"]
    if not isinstance(cell, Quantity) or cell.value is None or not isinstance(week, date):
        return None
    day = wording.date_text(week)
    return Number(table.key, table.title, str(told["metric"]), "", "point", cell.value, cell.text, cell.unit, day)
