"""A chart of what a query returned: lines, bars or points along time, numbers or names."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from core.base.arrow import rows_at, rows_where
from core.datasources.datasource import Answer
from core.figures import Axis, Line, Series, SeriesStyle, State, Unit
from core.views.asking import Address, AskingArgs, AskingView, Labels, sentences
from core.views.plotting import across, places, rc, shaping, strands
from core.views.plotting.across import Across
from core.views.plotting.shaping import Shaped
from core.views.plotting.strands import Read

if TYPE_CHECKING:
    import pyarrow as pa

_TURNS = {"vertical": 90.0, "horizontal": 0.0}


def _turn(value: Any) -> float:
    if isinstance(value, str) and value.strip().lower() in _TURNS:
        return _TURNS[value.strip().lower()]
    try:
        if isinstance(value, bool):
            raise ValueError
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is no angle. Write degrees, vertical or horizontal.") from None


def _names(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class PlotArgs(AskingArgs):
    kind: Literal["line", "bar", "scatter"] = Field("line", description="What is drawn.")
    time_column: str = Field("time", description="Column to run along; the first where there is none of this name.")
    groupby: Annotated[list[str], BeforeValidator(_names)] = Field(
        [], description="A column, or several, each value of which is a series of its own."
    )
    stacked: bool = Field(False, description="Lines or bars stand on each other.")
    legend: bool | dict[str, Any] | None = Field(None, description="Names of the series; shown when there are several.")
    label_map: Labels = Field({}, description="Series by name, and what they are called instead.")
    bar_labels: bool = Field(False, description="Each bar says its value.")
    xtick_rotation: Annotated[float, BeforeValidator(_turn)] = Field(
        0.0, description="Degrees that labels below are turned by, counter-clockwise; or vertical."
    )
    link_url: Address = Field("", description="Where a click leads.")
    plot_rc: dict[str, Any] = Field({}, description="Settings of matplotlib; the common ones are followed.")


class Plot(AskingView):
    """A subclass may override `post_plot` to change the finished figure."""

    key = "plot"
    label = "Plot"
    about = "Lines, bars or points over time, one series or many."
    Args = PlotArgs

    def draw(self) -> Series:
        answer = self.ask(self.question())
        figure = self.plotted(answer)
        if figure.state is State.MEASURED:
            figure = self.post_plot(figure, answer.table) or figure
        return figure

    def post_plot(self, figure: Series, table: pa.Table) -> Series:
        """The figure as it is to be shown: a hook for subclasses, after all else is settled."""
        return figure

    def plotted(self, answer: Answer) -> Series:
        """The chart of an answer."""
        settings = rc.read(self.args.plot_rc)
        told = [*_unheeded(self.args, settings), answer.note]
        if not answer.rows or not answer.table.num_columns:
            return self._empty("the query returned no rows", told)
        table, x, x_name = _along(answer.table, self.args.time_column, self)
        table, x, left_out = self._within(table, x, x_name)
        told += left_out
        if not table.num_rows:
            return self._empty("there is no row to draw", told)
        read = strands.read(table, x, x_name, self.args.groupby, self.args.label_map)
        shaped = self._shaped(read)
        figure = self._figure(read, shaped, x, x_name if x.kind == "quantitative" else "", settings)
        told = [*read.notes, *_done(shaped), *told]
        if not any(y is not None for line in figure.lines for y in line.y):
            return self._empty("the query returned no values", told)
        thinned = _thinned(figure, answer.rows) if shaped.thinned else ""
        return figure.model_copy(update={"note": sentences(*told), "state_text": thinned})

    def _empty(self, why: str, told: list[str]) -> Series:
        return Series(state=State.NO_DATA, state_text=f"{why}.", note=sentences(*told), link=self.args.link_url)

    def _within(self, table: pa.Table, x: Across, x_name: str) -> tuple[pa.Table, Across, list[str]]:
        """The rows that have an x, within the window if it is time; and what is left out."""
        known = kept = x.known()
        if x.kind == "temporal":
            first, last = x.bounds(self.window)
            kept = known & (x.at >= first) & ((x.at < last) if self.args.kind == "bar" else (x.at <= last))
        if kept.all():
            return table, x, []
        lost, outside = int((~known).sum()), int((known & ~kept).sum())
        told = [
            f"{_rows(outside)} outside of the report's days" if outside else "",
            f"{_rows(lost)} without '{x_name}'" if lost else "",
        ]
        return rows_where(table, kept), x.taken(kept), told

    def _shaped(self, read: Read) -> Shaped:
        if self.args.kind == "bar" or (self.args.kind == "line" and self.args.stacked):
            return shaping.common(read.strands, stacked_line=self.args.kind == "line")
        if self.args.kind == "scatter":
            return shaping.scattered(read.strands)
        return shaping.free(read.strands, grouped=bool(self.args.groupby))

    def _figure(self, read: Read, shaped: Shaped, x: Across, x_name: str, settings: rc.Settings) -> Series:
        lines = _lines(shaped, x, settings.dashed)
        if self.args.kind == "bar" and x.kind == "temporal":
            lines = places.with_empty(lines, self.window.wall_start.date(), self.window.wall_end.date())
        return Series(
            mark=_mark(self.args, settings),
            x=Axis(kind=x.kind, label=x_name),
            y=Axis(unit=Unit.COUNT if read.whole else Unit.NUMBER),
            lines=lines,
            link=self.args.link_url,
            style=self._style(settings, lines),
        )

    def _style(self, settings: rc.Settings, lines: list[Line]) -> SeriesStyle:
        args = self.args
        timed = args.kind != "bar" and bool(lines) and any(isinstance(x, date) for x in lines[0].x[:1])
        first, last = self._span(lines) if timed else (None, None)
        return settings.of_series(
            {
                "bar_labels": args.bar_labels and args.kind == "bar",
                "legend": None if args.legend is None else bool(args.legend) or isinstance(args.legend, dict),
                "tick_angle": args.xtick_rotation or None,
                "x_from": first,
                "x_to": last,
            }
        )

    def _span(self, lines: list[Line]) -> tuple[date, date]:
        """The window, as days where the points are days."""
        first, last = self.window.start, self.window.end
        if any(isinstance(x, datetime) for line in lines for x in line.x[:1]):
            return first, last
        return first.date(), last.date()


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"


def _along(table: pa.Table, wanted: str, view: Plot) -> tuple[pa.Table, Across, str]:
    """The table ordered by its x, that x, and the name of its column; rows by number if it has but one column."""
    import numpy as np

    names = _distinct(table.column_names)
    table = table.rename_columns(names)
    if wanted not in names and len(names) == 1:
        return table, across.rows(table.num_rows), ""
    name = wanted if wanted in names else next((name for name in names if name not in view.args.groupby), names[0])
    x = across.read(table.column(name), view.window, is_time=name == wanted)
    if (np.diff(x.at) >= 0).all():
        return table, x, name
    order = np.argsort(x.at, kind="stable")
    return rows_at(table, order), x.taken(order), name


def _distinct(names: list[str]) -> list[str]:
    """Names of columns, those that come again with a number."""
    met: Counter[str] = Counter()
    found = []
    for name in names:
        met[name] += 1
        found.append(name if met[name] == 1 else f"{name} ({met[name]})")
    return found


def _lines(shaped: Shaped, x: Across, dashed: bool) -> list[Line]:
    import numpy as np

    at = np.concatenate([one.at for one in shaped.strands])
    days = x.kind == "temporal" and x.whole_days(at)
    return [
        Line.model_construct(
            name=one.name,
            x=x.scalars(one.at.tolist(), days),
            y=[None if y != y else y for y in one.ys.tolist()],  # noqa: PLR0124 - NaN differs from itself
            low=[],
            high=[],
            dashed=dashed,
        )
        for one in shaped.strands
    ]


def _mark(args: PlotArgs, settings: rc.Settings) -> Literal["line", "area", "bar", "stacked_bar", "point"]:
    if args.kind == "bar":
        return "stacked_bar" if args.stacked else "bar"
    if args.kind == "scatter" or settings.lineless:
        return "point"
    return "area" if args.stacked else "line"


def _unheeded(args: PlotArgs, settings: rc.Settings) -> list[str]:
    """What of the file changes nothing here."""
    loose = [f"'plot_rc': '{name}'" for name in settings.unknown]
    loose += [f"'legend': '{name}'" for name in args.legend] if isinstance(args.legend, dict) else []
    return [f"Changes nothing here: {', '.join(loose)}"] if loose else []


def _done(shaped: Shaped) -> list[str]:
    return [
        "Values of the same place are added up" if shaped.added else "",
        "A value that is missing counts as zero in the stack" if shaped.filled else "",
    ]


def _thinned(figure: Series, rows: int) -> str:
    points = sum(len(line.x) for line in figure.lines)
    return f"Thinned: {points:,} points stand for {rows:,} rows; highest and lowest are kept."
