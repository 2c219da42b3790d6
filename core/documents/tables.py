"""Every figure as a typed table: what spreadsheets, CSV and text formats write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.documents.document import Document
from core.figures import (
    Axis,
    Cell,
    Column,
    Figure,
    Kind,
    Network,
    Notice,
    Prose,
    Quantity,
    Scalar,
    Series,
    Stat,
    State,
    Table,
    Unit,
)

_KINDS: dict[Unit, Kind] = {
    Unit.COUNT: "decimal",
    Unit.LINES: "decimal",
    Unit.HOURS: "hours",
    Unit.RATIO: "percent",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A table and where it comes from."""

    name: str
    """Unique within its document, in reading order."""
    table: Table
    series: Series | None = None
    """The chart that the table holds the numbers of."""


def of_document(document: Document) -> list[Named]:
    """All tables of a document: its single numbers first, then a table a figure."""
    stats = [figure for figure in document.figures() if isinstance(figure, Stat)]
    found = [Named("Numbers", of_stats(stats))] if stats else []
    for figure in document.figures():
        found += [
            Named(table.title or figure.key or figure.shape, table, _chart(figure)) for table in of_figure(figure)
        ]
    return _unique(found)


def of_figure(figure: Figure) -> list[Table]:
    """The tables that hold what a figure shows; none for text and single numbers."""
    match figure:
        case Series():
            return [of_series(figure)]
        case Table():
            return [figure]
        case Network():
            return of_network(figure)
        case Stat() | Prose() | Notice():
            return []


def _chart(figure: Figure) -> Series | None:
    return figure if isinstance(figure, Series) else None


def _unique(found: list[Named]) -> list[Named]:
    seen: dict[str, int] = {}
    named = []
    for one in found:
        seen[one.name.lower()] = count = seen.get(one.name.lower(), 0) + 1
        named.append(one if count == 1 else Named(f"{one.name} {count}", one.table, one.series))
    return named


def with_units(table: Table) -> Table:
    """The table with units in columns of their own, for a format whose cells are bare numbers.

    Columns of the same units share one, which stands behind the last of them.
    """
    alike: dict[tuple[str, ...], list[int]] = {}
    for place, col in enumerate(table.cols):
        if col.kind == "quantity":
            alike.setdefault(tuple(_unit(row[place]) for row in table.rows), []).append(place)
    cols, rows = list(table.cols), [list(row) for row in table.rows]
    main = next(iter(alike), ())
    for units, places in sorted(alike.items(), key=lambda one: -one[1][-1]):
        label = "Unit" if units == main else f"Unit of {table.cols[places[0]].label}"
        cols.insert(places[-1] + 1, Column(key=f"unit_{places[0]}", label=label))
        for row, unit in zip(rows, units, strict=True):
            row.insert(places[-1] + 1, unit)
    return table.model_copy(update={"cols": cols, "rows": rows})


def _unit(cell: Cell) -> str:
    return str(cell.unit.value) if isinstance(cell, Quantity) else ""


def of_stats(stats: list[Stat]) -> Table:
    """One row a number: as it is read, and as a plain value."""
    cols = [
        Column(key="title", label="Number"),
        Column(key="text", label="Shown as"),
        Column(key="value", label="Value", kind="decimal", decimals=4),
        Column(key="unit", label="Unit"),
        Column(key="n", label="n", kind="integer"),
        Column(key="change", label="Change", kind="decimal", decimals=4),
        Column(key="change_kind", label="Change is"),
        Column(key="versus", label="Compared"),
        Column(key="state", label="State", kind="state"),
        Column(key="state_text", label="Remark"),
    ]
    return Table(title="Numbers", cols=cols, rows=[_stat_row(stat) for stat in stats])


def _stat_row(stat: Stat) -> list[Scalar]:
    change = stat.change
    kind = "" if change is None else "relative" if change.relative else "absolute"
    return [
        stat.title,
        stat.text if stat.value is not None else None,
        stat.value,
        stat.unit.value,
        stat.n,
        change.value if change else None,
        kind,
        change.versus if change else "",
        stat.state.value,
        stat.state_text,
    ]


def of_series(series: Series) -> Table:
    """One row an x, or several where a line has several there; one column a line; a gap stays empty."""
    xs = positions(series)
    places = _places(series, xs)
    cols = [
        Column(
            key="x",
            label=series.x.label or ("Date" if series.x.kind == "temporal" else "x"),
            kind=_x_kind(series.x, xs),
        )
    ]
    columns: list[list[Scalar]] = []
    for number, line in enumerate(series.lines):
        for suffix, label, values in (("", "", line.y), ("_low", " (low)", line.low), ("_high", " (high)", line.high)):
            if suffix and not values:
                continue
            cols.append(_value_column(f"y{number}{suffix}", line.name + label, series.y.unit))
            at = dict(zip(_numbered(line.x), values, strict=False))
            columns.append([at.get(place) for place in places])
    rows: list[list[Scalar]] = [list(row) for row in zip((x for x, _ in places), *columns, strict=True)]
    return Table(
        key=series.key,
        title=series.title,
        description=series.description,
        note=series.note,
        cols=cols,
        rows=rows if columns else [],
        state=series.state,
        state_text=series.state_text,
    )


Place = tuple[Scalar, int]
"""An x, and which of its points."""


def _places(series: Series, xs: list[Scalar]) -> list[Place]:
    most: Counter[Scalar] = Counter()
    for line in series.lines:
        most |= Counter(line.x)
    return [(x, number) for x in xs for number in range(most[x])]


def _numbered(xs: list[Scalar]) -> Iterator[Place]:
    met: Counter[Scalar] = Counter()
    for x in xs:
        yield x, met[x]
        met[x] += 1


def positions(series: Series) -> list[Scalar]:
    """The x of all lines, each once: in time or number order where there is one, else as first met."""
    met = list(dict.fromkeys(x for line in series.lines for x in line.x))
    if series.x.kind not in ("temporal", "quantitative"):
        return met
    if all(isinstance(x, datetime) and x.tzinfo for x in met):
        return sorted(met, key=lambda moment: moment.timestamp())  # type: ignore[union-attr]
    return sorted(met, key=_rank)


def _rank(x: Any) -> tuple[bool, Any]:
    return (x is None, x.isoformat() if isinstance(x, (date, datetime)) else x)


def _x_kind(axis: Axis, xs: list[Scalar]) -> Kind:
    if axis.kind == "temporal":
        return "moment" if any(isinstance(x, datetime) for x in xs) else "date"
    if axis.kind == "quantitative":
        return _KINDS.get(axis.unit, "decimal")
    return "text"


def _value_column(key: str, label: str, unit: Unit) -> Column:
    return Column(key=key, label=label, kind=_KINDS.get(unit, "decimal"), decimals=decimals(unit))


def decimals(unit: Unit) -> int:
    """Decimals that a plain number of this unit is shown with."""
    return {Unit.COUNT: 0, Unit.LINES: 0, Unit.SCORE: 2, Unit.PER_DAY: 2, Unit.NUMBER: 2}.get(unit, 1)


def of_network(network: Network) -> list[Table]:
    """Who, and who with whom; the strongest ties first."""
    labels = {node.id: node.label for node in network.nodes}
    nodes: list[list[Scalar]] = [[n.label, n.group, n.size] for n in sorted(network.nodes, key=lambda n: -n.size)]
    remarked = any(edge.label for edge in network.edges)
    edges: list[list[Scalar]] = [
        [labels.get(e.source, e.source), labels.get(e.target, e.target), e.weight, *[e.label] * remarked]
        for e in sorted(network.edges, key=lambda e: -e.weight)
    ]
    title = network.title or "Network"
    return [
        Table(
            title=f"{title}: nodes",
            cols=[
                Column(key="label", label="Name"),
                Column(key="group", label="Group"),
                Column(key="size", label="Size", kind="decimal", decimals=2),
            ],
            rows=nodes,
            state=State.MEASURED if nodes else State.NO_DATA,
        ),
        Table(
            title=f"{title}: ties",
            cols=[
                Column(key="source", label="From"),
                Column(key="target", label="To"),
                Column(key="weight", label="Strength", kind="decimal", decimals=2),
                *[Column(key="label", label="Remark")] * remarked,
            ],
            rows=edges,
            state=State.MEASURED if edges else State.NO_DATA,
        ),
    ]
