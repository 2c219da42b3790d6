"""When the people of each time zone work, and which hours zones share."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.analysis import zones
from core.analysis.zones import Zone
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import Axis, Line, Series, State, Table, Unit
from core.widgets.focus import focused
from core.widgets.widget import Params, Widget

HOURS = [f"{hour:02}" for hour in range(24)]
NOBODY = "Nobody was active in this period, or too few for a zone to be shown."


class HoursParams(Params):
    of: Literal["work", "commits"] = Field("work", description="Hours of working time, or of commits.")


def hours(ctx: Context, scope: Scope, params: HoursParams) -> Series:
    """Zones down from west to east, hours of UTC across."""
    found = zones.zones(ctx, focused(ctx, scope, params))
    is_work = params.of == "work"
    return Series(
        title=params.title or ("Who is at work when" if is_work else "When commits are made"),
        description=zones.ABOUT,
        note=zones.note(found),
        mark="heatmap",
        x=Axis(kind="ordinal", label="Hour in UTC"),
        y=Axis(label="Share at work" if is_work else "Commits", unit=Unit.RATIO if is_work else Unit.COUNT),
        lines=[Line(name=_name(zone), x=[*HOURS], y=_at_work(zone) if is_work else [*zone.commits])
               for zone in found.zones],
        state=State.MEASURED if found.zones else State.NO_DATA,
        state_text="" if found.zones else NOBODY,
        alt=_told(found),
        provenance=list(found.provenance),
    )  # fmt: skip


def _name(zone: Zone) -> str:
    return f"{zone.name} ({zone.people})"


def _at_work(zone: Zone) -> list[float | None]:
    """The share in each hour, the mean of its quarters."""
    return [sum(zone.at_work[hour * 4 : hour * 4 + 4]) / 4 for hour in range(24)]


def _told(found: zones.Zones) -> str:
    parts = [
        f"{zone.name}, {zone.people} people, {zones.clock(zone.start_minute)} to {zones.clock(zone.end_minute)} there"
        for zone in found.apart
    ]
    return f"Working hours by time zone: {'; '.join(parts)}." if parts else NOBODY


def overlap(ctx: Context, scope: Scope, params: Params) -> Table:
    found = zones.zones(ctx, focused(ctx, scope, params))
    table = zones.overlap_table(found)
    state = State.MEASURED if table.rows else State.NO_DATA
    text = "" if table.rows else "There is no second zone to share hours with."
    return _settled(table, OVERLAP_WIDGET.key, params, state, text)


def listed(ctx: Context, scope: Scope, params: Params) -> Table:
    found = zones.zones(ctx, focused(ctx, scope, params))
    table = zones.zones_table(found)
    state = State.MEASURED if table.rows else State.NO_DATA
    text = "" if table.rows else NOBODY
    return _settled(table, LIST_WIDGET.key, params, state, text)


def _settled(table: Table, block: str, params: Params, state: State, text: str) -> Table:
    origins = [one.model_copy(update={"block": block}) for one in table.provenance]
    given = {"title": params.title or table.title, "state": state, "state_text": text, "provenance": origins}
    return table.model_copy(update=given)


HOURS_WIDGET = Widget(
    key="zones.hours",
    title="Hours by time zone",
    about="When the people of each time zone work: zones down, hours of UTC across. Off until a workspace turns it on.",
    shape="series",
    params=HoursParams,
    build=hours,
)
OVERLAP_WIDGET = Widget(
    key="zones.overlap",
    title="Shared hours",
    about="Hours of a working day that each two time zones share. Off until a workspace turns it on.",
    shape="table",
    params=Params,
    build=overlap,
)
LIST_WIDGET = Widget(
    key="zones.list",
    title="Time zones",
    about="How many people work in each time zone, and their usual hours. Off until a workspace turns it on.",
    shape="table",
    params=Params,
    build=listed,
)
