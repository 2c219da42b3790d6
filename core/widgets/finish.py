"""The last touches that widgets share: sentences for missing values, typed columns, provenance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.catalogue import METRICS
from core.catalogue.metric import Distinct, Span, Sum
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Value
from core.documents.wording import STATES
from core.figures import Better, Cell, Change, Column, Provenance, Quantity, State, Unit, number_text
from core.figures import Kind as ColumnKind

SENTENCES = {
    State.NO_DATA: "Nothing happened in this period that this metric counts.",
    State.NOT_COLLECTED: "Not collected: connect a source that has it, such as GitHub, to see this.",
    State.STALE: "The source was last read before the end of this period, so the number may still grow.",
    State.UNSUPPORTED: "This metric cannot be shown for this choice of people and days.",
}
_KINDS: dict[Unit, ColumnKind] = {Unit.HOURS: "hours", Unit.RATIO: "percent"}


def has_value(value: Value) -> bool:
    return value.state.is_known and value.value is not None


def sentence(value: Value) -> str:
    """Why there is no value, or why it may be old; empty where it is simply measured."""
    return "" if value.state is State.MEASURED else value.state_text or SENTENCES[value.state]


def state_of(values: Iterable[Value]) -> tuple[State, str]:
    """State of a chart as a whole: measured as soon as one value is, else what the first one says."""
    first: Value | None = None
    for value in values:
        if has_value(value):
            return State.MEASURED, ""
        first = first or value
    return (first.state, sentence(first)) if first else (State.NO_DATA, SENTENCES[State.NO_DATA])


def column(key: str, label: str = "") -> Column:
    """A table's column for a metric, typed by its unit: an average of what is counted is no whole number."""
    metric = METRICS.get(key)
    counts = metric.unit in (Unit.COUNT, Unit.LINES) and isinstance(metric.kind, (Sum, Distinct, Span))
    return Column(
        key=key,
        label=label or metric.label,
        kind="integer" if counts else _KINDS.get(metric.unit, "decimal"),
        decimals=2 if metric.unit in (Unit.SCORE, Unit.PER_DAY) else 1,
        help=metric.about,
    )


def cell(value: Value) -> float | int | None:
    """A table's cell: the number itself, whole where it counts things, None where nothing was measured."""
    if not has_value(value) or value.value is None:
        return None
    counts = METRICS.get(value.metric).unit in (Unit.COUNT, Unit.LINES)
    return int(value.value) if counts and value.value == int(value.value) else value.value


def text(value: Value, beside: Value | None = None) -> str:
    """How it is read, next to another value of its metric if there is one."""
    other = beside.value if beside and has_value(beside) else None
    return number_text(value.value if has_value(value) else None, METRICS.get(value.metric).unit, beside=other)


def quantity(value: Value, beside: Value | None = None) -> Quantity:
    """A cell of a column that holds several units: the number, how it is read, or why there is none."""
    unit, told = METRICS.get(value.metric).unit, text(value, beside)
    return Quantity(value=cell(value), text=told, unit=unit, state=value.state, state_text=sentence(value))


def difference(change: Change | None, unit: Unit) -> Quantity | None:
    """A change as such a cell: relative as a ratio, else in the metric's unit; of two percentages in points."""
    if change is None:
        return None
    if change.relative:
        return Quantity(value=change.value, text=change.text, unit=Unit.RATIO, signed=True)
    size, unit = ((change.value or 0) * 100, Unit.POINTS) if unit is Unit.RATIO else (change.value or 0, unit)
    return Quantity(value=size, text=change.text, unit=unit, signed=True)


def mixed(*names: tuple[str, str]) -> list[Column]:
    """Columns, by key and label, whose cells are of different units."""
    return [Column(key=key, label=label, kind="quantity") for key, label in names]


def versus(before: Value, compare: Scope | None, now: Value) -> str:
    """ "vs 11.2 h in 1 Feb – 7 Feb": what a change is measured against, short enough for a card."""
    if not has_value(before) or compare is None or compare.period is None:
        return ""
    first, last = compare.period.dates(compare.time_zone)
    days = f"{first.day} {first:%b}" if first == last else f"{first.day} {first:%b} – {last.day} {last:%b}"
    return f"vs {text(before, now)} in {days}"


def verdict(change: Change | None) -> str:
    """The change in a word, for tables that carry no colour."""
    if change is None:
        return "Not comparable"
    return {True: "Better", False: "Worse", None: "Same" if change.value == 0 else "Neutral"}[change.good]


def provenance(block: str, *answers: Measured | None) -> list[Provenance]:
    """Where a figure's numbers come from, named after the widget, each statement once."""
    found: dict[str, Provenance] = {}
    for answer in answers:
        for one in answer.provenance if answer else ():
            found.setdefault(one.query_hash or repr(one), one.model_copy(update={"block": block}))
    return list(found.values())


def remark_of(now: Value, before: Value | None = None) -> str | None:
    """Why a row's number is missing or old, or else that the one before is missing."""
    lacks_before = before is not None and not has_value(before)
    return sentence(now) or (f"Before: {STATES[before.state]}." if before and lacks_before else None)


def remark_of_all(found: Sequence[tuple[str, Value]]) -> str | None:
    """Which of a row's numbers, by name, are missing or old; why, where all are."""
    told: dict[State, list[tuple[str, Value]]] = {}
    for name, value in found:
        if value.state is not State.MEASURED:
            told.setdefault(value.state, []).append((name, value))
    parts = [
        sentence(those[0][1]) if len(those) == len(found)
        else f"{STATES[state].capitalize()}: {', '.join(name for name, _ in those)}."
        for state, those in told.items()
    ]  # fmt: skip
    return " ".join(parts) or None


def remarked(cols: list[Column], rows: list[list[Cell]]) -> tuple[list[Column], list[list[Cell]]]:
    """A table with its last column, the remarks, only where there are any."""
    if any(row[-1] for row in rows):
        return [*cols, Column(key="remark", label="Remark")], rows
    return cols, [row[:-1] for row in rows]


def ordered(found: Sequence[tuple[str, Value]], better: Better) -> list[tuple[str, Value]]:
    """Best first where the metric has a better side, otherwise largest first; those without a value last."""
    sign = 1 if better is Better.LOWER else -1
    return sorted(found, key=lambda one: (not has_value(one[1]), sign * (one[1].value or 0), one[0].casefold()))
