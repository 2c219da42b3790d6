"""Six finished shapes. Text, rounding, unit, direction and good-or-bad are settled here; whoever draws only lays out.

A figure is what a dashboard tile shows live and what a report block keeps: pages
draw it, renderers write it to a file, and its JSON is what a run freezes.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import date, datetime
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, field_validator, model_validator

from core.narration import Narration
from core.units import Better as Better  # noqa: PLC0414 - whoever makes a figure finds them here
from core.units import Unit as Unit  # noqa: PLC0414
from core.units import number_text as number_text  # noqa: PLC0414


class State(StrEnum):
    """What is known of a value. Missing is never zero."""

    MEASURED = "measured"
    NO_DATA = "no_data"
    NOT_COLLECTED = "not_collected"
    STALE = "stale"
    UNSUPPORTED = "unsupported"

    @property
    def is_known(self) -> bool:
        """Whether there is a value, if only up to when its source was read."""
        return self in (State.MEASURED, State.STALE)


def _real(value: Any) -> Any:
    """NaN and infinities are missing values."""
    return None if isinstance(value, float) and not isfinite(value) else value


def _moment(value: Any) -> Any:
    """A date or moment that JSON carried as text."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError:
        return value


MOST_COLUMNS = 24
"""The finest grid that a theme may choose."""

Scalar = int | float | str | date | datetime | None


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


STORE = "metrics store"
"""Where our own metrics are counted; report files name others."""


class Provenance(_Part):
    """Where a block's numbers come from: enough to ask again."""

    block: str = ""
    metrics: list[str] = []
    """key@version"""
    definitions: list[str] = []
    """What each metric means and how it is counted, in the order of `metrics`."""
    facts: list[str] = []
    query_hash: str = ""
    """SHA-256 of the statement and its parameters."""
    query: str = ""
    parameters: dict[str, Any] = {}
    datasource: str = STORE
    watermark: datetime | None = None
    """Facts are complete up to here."""
    rows: int = 0
    """Rows behind the figure."""
    excluded: dict[str, int] = {}
    """Rows left out, by reason: bots, merges, drafts, …"""
    grounds: list[str] = []
    """Of words about figures: each sentence with the numbers that it rests on."""
    duration_ms: float = 0.0
    asked_at: datetime | None = None


class Change(_Part):
    """Difference to the comparison period."""

    value: float | None
    """Relative change (0.12 = +12 %), or absolute when `relative` is false."""
    relative: bool = True
    text: str
    """"+12 %", "−1.4 h", "no change"."""
    good: bool | None = None
    """None where the metric has no better side."""
    versus: str = ""
    """"vs 11.2 h in 1 Feb – 7 Feb"."""


class Explain(_Part):
    """What an "Explain" button needs to answer for this number."""

    metric: str
    period_start: datetime
    period_end: datetime
    person_ids: list[str] = []
    team_ids: list[str] = []
    repo_ids: list[str] = []
    component_ids: list[str] = []
    folder: str = ""
    include_bots: bool = False
    time_zone: str = ""
    """Where days begin; empty for the workspace's zone."""


class Blob(_Part):
    """A file that a figure brings along: a picture that a plugin drew."""

    id: str
    """File name without a folder, as in "chart.png"."""
    media_type: str = "image/png"
    content: Base64Bytes
    """base64 in JSON; `of` takes the bytes themselves."""
    title: str = ""

    @classmethod
    def of(cls, id: str, content: bytes, media_type: str = "image/png", title: str = "") -> Blob:
        """A blob of plain bytes."""
        return cls(id=id, media_type=media_type, content=b64encode(content), title=title)


class _Figure(_Part):
    key: str = ""
    """Unique within its document."""
    title: str = ""
    description: str = ""
    note: str = ""
    """A sober line below: what was left out, how many rows, why it is stale."""
    columns: int = Field(6, ge=1, le=MOST_COLUMNS)
    """Width in the document's grid, of six columns unless its theme says otherwise."""
    link: str = ""
    """Where a click on the whole figure leads; http or https."""
    provenance: list[Provenance] = []


class Stat(_Figure):
    """One number."""

    shape: Literal["stat"] = "stat"
    value: float | None = None
    text: str = "–"
    """The number as it is to be read, with its unit."""
    html: str = ""
    """The same with a link or emphasis in it, sanitised; empty where `text` says all."""
    unit: Unit = Unit.NUMBER
    better: Better = Better.NEITHER
    state: State = State.MEASURED
    state_text: str = ""
    """For a state other than measured: why, and what to do."""
    n: int = 0
    change: Change | None = None
    spark: list[float | None] = []
    """Recent history, oldest first; None is a gap."""
    spark_labels: list[str] = []
    spark_partial: list[str] = []
    """Those of them that hold only a part: not over, or not read to its end."""
    explain: Explain | None = None


class Axis(_Part):
    """One side of a chart."""

    label: str = ""
    kind: Literal["temporal", "nominal", "ordinal", "quantitative"] = "quantitative"
    unit: Unit = Unit.NUMBER


class Line(_Part):
    """One series: y over x. A None in y is a gap and is drawn as one."""

    name: str
    x: list[Scalar]
    y: list[float | None]
    low: list[float | None] = []
    """With `high`, a band around y."""
    high: list[float | None] = []
    dashed: bool = False
    """For a comparison or a target."""
    names: list[str] = []
    """What each point is, where its place does not tell: a page says it when it is pointed at."""

    @field_validator("y", "low", "high", mode="before")
    @classmethod
    def _gaps(cls, values: Any) -> Any:
        return [_real(value) for value in values]


class PointMark(_Part):
    """Words at a point of a chart."""

    x: Scalar
    y: float
    text: str


class SeriesStyle(_Part):
    """How a chart departs from the house's look."""

    bar_labels: bool = False
    """Each bar says its value."""
    legend: bool | None = None
    """None shows one when there are several series."""
    tick_angle: float | None = None
    """Degrees that the labels of x are turned by."""
    line_width: float | None = None
    marker: bool | None = None
    """None marks points where there are few."""
    marker_size: float | None = None
    """Diameter in pixels."""
    font_size: float | None = None
    grid: bool | None = None
    value_axis: bool = True
    """Whether y has an axis; a timeline has none."""
    opacity: float | None = Field(None, ge=0, le=1)
    colours: list[str] = []
    """Of the series in order; the theme's after them."""
    height: float | None = None
    """Pixels."""
    x_from: Scalar = None
    """With `x_to`, what the axis of x spans, whatever the data do."""
    x_to: Scalar = None
    y_from: float | None = None
    """With `y_to`, what the axis of y spans at least: charts side by side share a scale."""
    y_to: float | None = None
    marks: list[PointMark] = []

    def timed(self) -> SeriesStyle:
        """The same on an axis of time, with the moments that JSON carried as text."""
        marks = [mark.model_copy(update={"x": _moment(mark.x)}) for mark in self.marks]
        return self.model_copy(update={"x_from": _moment(self.x_from), "x_to": _moment(self.x_to), "marks": marks})


class Series(_Figure):
    """A chart."""

    shape: Literal["series"] = "series"
    mark: Literal["line", "area", "bar", "stacked_bar", "horizontal_bar", "point", "heatmap"] = "line"
    """heatmap: each line is a row of the map, its name the row's label."""
    x: Axis = Axis(kind="temporal")
    y: Axis = Axis()
    lines: list[Line] = []
    better: Better = Better.NEITHER
    state: State = State.MEASURED
    state_text: str = ""
    partial: list[Scalar] = []
    """Of a chart over time: points that hold only a part, as they are not over or were not read to their end."""
    course: Literal["up", "down", "level"] | None = None
    """How it goes as a whole, where its maker has finer points than it draws; None leaves it to those drawn."""
    alt: str = ""
    """One sentence for screen readers and for formats without pictures."""
    style: SeriesStyle | None = None

    @model_validator(mode="after")
    def _dates(self) -> Series:
        if self.x.kind == "temporal":
            for line in self.lines:
                line.x = [_moment(x) for x in line.x]
            self.partial = [_moment(x) for x in self.partial]
            if self.style:
                self.style = self.style.timed()
        return self


class Quantity(_Part):
    """A number of a column that holds several units: itself, as it is read, and its state where there is none."""

    value: int | float | None = None
    text: str = "–"
    unit: Unit = Unit.NUMBER
    signed: bool = False
    """A difference: read with its sign, and as "no change" where it is zero."""
    state: State = State.MEASURED
    state_text: str = ""

    _settled = field_validator("value", mode="before")(_real)

    def __str__(self) -> str:
        return self.text


Cell = Scalar | Quantity

Kind = Literal[
    "text", "integer", "number", "decimal", "percent", "hours", "quantity", "date", "moment", "link", "state"
]
NUMERIC: tuple[Kind, ...] = ("integer", "number", "decimal", "percent", "hours", "quantity")
"""Kinds of columns that hold numbers, which stand to the right."""


class Column(_Part):
    """A column of a table."""

    key: str
    label: str
    kind: Kind = "text"
    """quantity: cells of different units, each a `Quantity`. number: whole ones that name something, never grouped."""
    decimals: int = 1
    help: str = ""


class Table(_Figure):
    """Rows and columns. Cells keep their types; `None` is shown as a dash."""

    shape: Literal["table"] = "table"
    cols: list[Column] = []
    rows: list[list[Cell]] = []
    total_rows: int | None = None
    """How many there are in all, where only some are shown."""
    state: State = State.MEASURED
    state_text: str = ""

    @model_validator(mode="after")
    def _cells(self) -> Table:
        if any(len(row) != len(self.cols) for row in self.rows):
            raise ValueError(f"A row of '{self.title}' does not have {len(self.cols)} cells.")
        for place, col in enumerate(self.cols):
            settle = _moment if col.kind in ("date", "moment") else _real
            for row in self.rows:
                row[place] = settle(row[place])
        return self


class Node(_Part):
    id: str
    label: str
    group: str = ""
    size: float = 1.0
    x: float | None = None
    y: float | None = None


class Edge(_Part):
    source: str
    target: str
    weight: float = 1.0
    label: str = ""


class Network(_Figure):
    """Who works with whom."""

    shape: Literal["network"] = "network"
    nodes: list[Node] = []
    edges: list[Edge] = []


class Prose(_Figure):
    """Markdown text; from a plugin's template also HTML, other formats' own text, and pictures."""

    shape: Literal["prose"] = "prose"
    markdown: str = ""
    html: str = ""
    """What web pages and mails show instead of `markdown`, sanitised; a picture's address is "blob:" and its id."""
    texts: dict[str, str] = {}
    """What another format shows instead, by its key: "slack"."""
    blobs: list[Blob] = []
    narration: Narration | None = None
    """Of a text that was written about the document's other figures."""


class Notice(_Figure):
    """Something that readers must know: a block that failed, a source that is missing."""

    shape: Literal["notice"] = "notice"
    level: Literal["info", "warning", "error"] = "info"
    text: str = ""
    """What happened and what to do."""


Figure = Annotated[Stat | Series | Table | Network | Prose | Notice, Field(discriminator="shape")]


def change_between(
    now: float | None, before: float | None, unit: Unit, better: Better, versus: str = ""
) -> Change | None:
    """How `now` differs from `before`; None when either is missing. A zero base gives an absolute difference."""
    if now is None or before is None:
        return None
    delta = now - before
    relative = before != 0
    value = delta / abs(before) if relative else delta
    if (abs(value) < 0.005 and relative) or delta == 0:
        return Change(value=0.0, text="no change", good=None, versus=versus)
    sign = "+" if delta > 0 else "−"
    if relative:
        text = f"{sign}{abs(value) * 100:,.0f} %"
    elif unit is Unit.RATIO:
        text = f"{sign}{number_text(abs(delta) * 100, Unit.POINTS)}"  # a percentage would read as a relative change
    else:
        text = f"{sign}{number_text(abs(delta), unit)}"
    good = None if better is Better.NEITHER else (delta > 0) == (better is Better.HIGHER)
    return Change(value=value, relative=relative, text=text, good=good, versus=versus)
