"""Values as readers see them. Every format words them here, so all say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from core.documents.document import DEMO, Document
from core.figures import (
    STORE,
    Cell,
    Column,
    Figure,
    Provenance,
    Quantity,
    Scalar,
    Series,
    Stat,
    State,
    Table,
    Unit,
    number_text,
)

DASH = "–"

LABEL_WIDTH = 34
"""Letters in a line of a long label; more lines follow, nothing is cut."""

STATES = {
    State.MEASURED: "measured",
    State.NO_DATA: "no data",
    State.NOT_COLLECTED: "not collected",
    State.STALE: "stale",
    State.UNSUPPORTED: "not supported",
}

_UNITS = {"percent": Unit.RATIO, "hours": Unit.HOURS}


def state_text(state: State, said: str = "") -> str:
    """ "not collected: connect pull requests in Sources."; empty for a measured value without remark."""
    if state is State.MEASURED:
        return said
    return f"{STATES[state]}: {said}" if said else STATES[state]


def empty_text(state: State, said: str = "") -> str:
    """What stands where a figure has nothing to show: why, if that is known."""
    return state_text(state, said) or STATES[State.NO_DATA]


def state_of(figure: Figure) -> str:
    """The state of any figure in words; empty for one that is measured, or that has no state."""
    if isinstance(figure, (Stat, Series, Table)):
        return state_text(figure.state, figure.state_text)
    return ""


def remark(figure: Figure) -> str:
    """What stands below a figure about its state. A number that is not there says its state in its own place."""
    if isinstance(figure, Stat) and figure.value is None and figure.state_text:
        return figure.state_text[:1].upper() + figure.state_text[1:]
    return "" if isinstance(figure, Stat) and figure.value is None else state_of(figure)


def asides(figure: Figure) -> list[tuple[str, str]]:
    """What a figure says beside its numbers, for files that have no place for it near them: label and text."""
    return [(label, text) for label, text in (("about", figure.description), ("note", figure.note)) if text]


def stat_text(stat: Stat) -> str:
    """The number, or its state where there is none; never a made-up zero."""
    if stat.value is None and stat.state is not State.MEASURED:
        return STATES[stat.state]
    return stat.text


def change_text(stat: Stat) -> str:
    """ "+12 % vs 11.2 h in 1 Feb – 7 Feb"."""
    if stat.change is None:
        return ""
    return f"{stat.change.text} {stat.change.versus}".strip()


def exact(value: Cell) -> Scalar:
    """A cell's own value, as typed formats carry it."""
    return value.value if isinstance(value, Quantity) else value


def cell_text(column: Column, value: Cell) -> str:
    """A cell in a format that has only text."""
    if value is None:
        return DASH
    if isinstance(value, Quantity):
        return value.text
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(column, value)
    if column.kind == "state" and value in list(State):
        return STATES[State(value)]
    return str(value)


def _number(column: Column, value: float) -> str:
    if column.kind in _UNITS:
        return number_text(value, _UNITS[column.kind])
    if column.kind == "decimal":
        return f"{value:,.{column.decimals}f}".replace("-", "−")
    if column.kind == "number":
        return f"{value:.0f}"
    if column.kind == "integer":
        return f"{value:,.0f}".replace("-", "−")
    return str(value)


def date_text(day: date) -> str:
    """ "2 Mar 2026"."""
    return f"{day.day} {day:%b %Y}"


def moment_text(moment: datetime) -> str:
    """ "2 Mar 2026 14:05", in the zone that `moment` has."""
    return f"{moment.day} {moment:%b %Y %H:%M}"


def local_text(document: Document, moment: datetime) -> str:
    """A moment on the document's own clock, with the zone's short name."""
    local = document.local(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return f"{moment_text(local)} {local:%Z}"


def facts(document: Document) -> list[tuple[str, str]]:
    """What every format says of the whole: label and text, empty ones left out."""
    told = [
        ("Workspace", document.workspace),
        ("Period", document.period_label),
        ("Compared with", document.comparison_label),
        ("Time zone", document.time_zone),
        ("Made for", document.audience),
        ("Filters", "; ".join(document.filters)),
        ("Made by", document.author),
        ("Data complete up to", local_text(document, document.watermark) if document.watermark else ""),
        ("Generated", local_text(document, document.generated_at)),
        ("Note", DEMO if document.is_demo else ""),
    ]
    return [(label, text) for label, text in told if text]


def origin_facts(document: Document, record: Provenance) -> list[tuple[str, str]]:
    """One provenance record as label and text, empty ones left out."""
    told = [
        ("Metrics", ", ".join(record.metrics)),
        ("Facts", ", ".join(record.facts)),
        ("Source", record.datasource),
        ("Rows", "" if record.grounds else f"{record.rows:,}"),
        ("Left out", left_out_text(record.excluded)),
        ("Complete up to", local_text(document, record.watermark) if record.watermark else ""),
        ("Asked", local_text(document, record.asked_at) if record.asked_at else ""),
        ("Took", duration_text(record.duration_ms) if record.query and record.datasource != STORE else ""),
        ("With", given_text(record)),
        ("Query", query_text(record) or record.query_hash[:16]),
        ("Definitions", " · ".join(record.definitions)),
        ("Rests on", " · ".join(record.grounds)),
    ]
    return [(label, text) for label, text in told if text]


def left_out_text(excluded: Mapping[str, int]) -> str:
    """ "17 bots, 1 merge": how many rows were left out, by reason; reasons are plural nouns, or say it of the rows."""
    return ", ".join(
        f"{count:,} {reason.removesuffix('s') if count == 1 else reason}" for reason, count in excluded.items() if count
    )


def ground_parts(ground: str) -> tuple[str, str]:
    """A sentence in quotation marks, and the numbers that it rests on; an own word for it where it has none."""
    said, closed, numbers = ground.rpartition("” ")
    return (f"{said}”", numbers) if closed else ("Rests on", ground)


LONGEST_QUERY = 2_000
"""Letters of a query that a report shows; JSON has all."""


def query_text(record: Provenance) -> str:
    """What a report file asked, on one line; nothing for our own metrics, whose definitions say it better."""
    said = "" if record.datasource == STORE else " ".join(record.query.split())
    return said if len(said) <= LONGEST_QUERY else f"{said[:LONGEST_QUERY]}…"


def given_text(record: Provenance) -> str:
    """What went along with it: "start = 2026-03-02, params.plan = …"."""
    return "" if record.datasource == STORE else ", ".join(_given("", record.parameters))


def _given(above: str, given: Any) -> Iterator[str]:
    if isinstance(given, Mapping):
        for name, value in given.items():
            yield from _given(f"{above}.{name}" if above else str(name), value)
    elif given not in (None, "", []):
        yield f"{above} = {', '.join(map(str, given)) if isinstance(given, list) else given}"


def duration_text(milliseconds: float) -> str:
    """ "12 ms", "1.40 s"."""
    if milliseconds < 1:
        return "under 1 ms"
    return f"{milliseconds:,.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:,.2f} s"


def has_values(series: Series) -> bool:
    """Whether there is anything to draw."""
    return any(value is not None for line in series.lines for value in line.y)


def describe(series: Series) -> str:
    """A chart in one sentence, for screen readers and for formats without pictures."""
    if series.alt:
        return series.alt
    unit = series.y.unit
    said = []
    for line in series.lines[:3]:
        known = [value for value in line.y if value is not None]
        if not known:
            said.append(f"{line.name}: no values")
            continue
        low, high = number_text(min(known), unit), number_text(max(known), unit)
        said.append(f"{line.name}: {low} to {high}, last {number_text(known[-1], unit)}")
    more = f"; and {len(series.lines) - 3} more" if len(series.lines) > 3 else ""
    return f"Chart{f' of {series.title}' if series.title else ''}. {'; '.join(said)}{more}."


def wrapped(text: str) -> str:
    """A long label in several lines, broken behind a slash, a dash or a space; nothing is cut."""
    if len(text) <= LABEL_WIDTH:
        return text
    lines = [""]
    for part in re.findall(rf"[^/_\-\s]{{1,{LABEL_WIDTH}}}[/_\-\s]?|[/_\-\s]", text):
        if len(lines[-1]) + len(part) > LABEL_WIDTH:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.strip() for line in lines)


def rows_text(table: Table, most: int) -> str:
    """ "10 of 1,204 rows", where a table shows fewer than there are."""
    whole = max(table.total_rows or 0, len(table.rows))
    shown = min(len(table.rows), most)
    if shown == whole:
        return ""
    rest = "; XLSX and CSV have more" if shown < len(table.rows) else ""
    return f"{shown:,} of {whole:,} rows{rest}"


def web_link(address: str) -> str:
    """The address, if it is one of the web; else nothing."""
    said = address.strip()
    return said if said.lower().startswith(("https://", "http://")) else ""


def safe_link(value: Cell) -> str:
    """The address, if it is one that may be followed; else nothing."""
    said = str(value or "").strip()
    return said if said.lower().startswith(("https://", "http://", "mailto:")) else ""
