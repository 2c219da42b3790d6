"""The map of time zones: a dot for the people of each zone, on outlines of the continents that come with the app."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from components.draw import deck
from core.analysis import places, zones
from core.analysis.zones import Zone, Zones
from core.catalogue.scope import Scope
from core.context import Context
from core.documents.theme import DARK, LIGHT, Theme

HEIGHT, LOW = 430, 230
TOOLTIP = "{name}\n{people} people\nUsually {hours} there\nNow {now}"


def show(ctx: Context, scope: Scope) -> Zones:
    """Draw the map; what it shows stands in the tables below, too."""
    found = zones.zones(ctx, scope)
    placed = [zone for zone in found.zones if zone.point]
    if not placed:
        return found
    theme = DARK if st.context.theme.type == "dark" else LIGHT
    narrow = "Mobi" in (st.context.headers.get("User-Agent") or "")
    text = deck.written(
        [_land(theme), *_grid(theme), _dots(placed, ctx.clock(), theme), _names(placed, theme)],
        zoom=0.0 if narrow else 1.25, middle=(0, -15),
    )  # fmt: skip
    people = ", ".join(f"{zone.people} in {zone.name}" for zone in placed)
    with st.container(border=True, key="zone_map"):
        deck.show(text, TOOLTIP, "zone_deck", f"Map of time zones: {people}.", LOW if narrow else HEIGHT)
    st.caption(
        "A dot stands at the best known city of its zone; where commits tell an offset alone, on its meridian."
        " Filled where half of the people are at work now. Land: Natural Earth."
    )
    return found


def _at(lon: float, lat: float) -> list[float]:
    """Degrees as they are, north up."""
    return [lon, -lat]


def _land(theme: Theme) -> deck.Layer:
    rows = [{"p": [_at(lon, lat) for lon, lat in ring]} for ring in places.land()]
    return deck.layer(
        "Polygon", "land", rows, getPolygon="@@=p", getFillColor=deck.rgb(theme.line, 150), stroked=False, filled=True,
        pickable=False,
    )  # fmt: skip


def _grid(theme: Theme) -> list[deck.Layer]:
    """A line every fifteen degrees: an hour."""
    rows = [{"s": _at(lon, 75), "t": _at(lon, -58)} for lon in range(-180, 181, 15)]
    return [
        deck.layer(
            "Line", "hours", rows, getSourcePosition="@@=s", getTargetPosition="@@=t", widthUnits="pixels", getWidth=1,
            getColor=deck.rgb(theme.muted, 40), pickable=False,
        )
    ]  # fmt: skip


def _dots(placed: Sequence[Zone], now: datetime, theme: Theme) -> deck.Layer:
    most = max(zone.people for zone in placed)
    rows: list[dict[str, Any]] = [
        {
            "id": zone.name, "p": _at(*(zone.point or (0, 0))), "r": round(4 + 7 * (zone.people / most) ** 0.5, 1),
            "c": deck.rgb(theme.primary, 235 if _works(zone, now) else 70), "name": zone.name, "people": zone.people,
            "hours": f"{zones.clock(zone.start_minute)} – {zones.clock(zone.end_minute)}", "now": _now(zone, now),
        }
        for zone in placed
    ]  # fmt: skip
    return deck.layer(
        "Scatterplot", "zones", rows, getPosition="@@=p", getRadius="@@=r", radiusUnits="common", radiusMinPixels=6,
        getFillColor="@@=c", stroked=True, getLineColor=deck.rgb(theme.primary), lineWidthUnits="pixels",
        getLineWidth=2, pickable=True,
    )  # fmt: skip


def _works(zone: Zone, now: datetime) -> bool:
    quarter = now.hour * 4 + now.minute // 15
    return now.weekday() < 5 and zone.at_work[quarter] >= 0.5


def _now(zone: Zone, now: datetime) -> str:
    return f"{now + timedelta(minutes=zone.offset_minutes):%H:%M}"


NEAR = 22
"""Degrees of longitude within which two names would lie on each other."""
LEVELS = (-26, 26, -46, 46)
"""Pixels below a dot's middle at which its name stands, one after the other where dots crowd."""


def _names(placed: Sequence[Zone], theme: Theme) -> deck.Layer:
    rows: list[dict[str, Any]] = []
    level, before = 0, -999.0
    for zone in sorted(placed, key=lambda one: one.point or (0, 0)):
        lon, lat = zone.point or (0, 0)
        level = (level + 1) % len(LEVELS) if lon - before < NEAR else 0
        before = lon
        words = f"{_short(zone.name)} · {zone.people}"
        rows.append({"p": _at(lon, lat), "t": words, "o": [0, LEVELS[level]]})
    return deck.layer(
        "Text", "zone_names", rows, getPosition="@@=p", getText="@@=t", getSize=13, sizeUnits="pixels",
        sizeMinPixels=13, getColor=deck.rgb(theme.text), characterSet="auto", background=True,
        getBackgroundColor=deck.rgb(theme.background, 200), backgroundPadding=[3, 1], getPixelOffset="@@=o",
        pickable=False, fontFamily="sans-serif",
    )  # fmt: skip


def _short(name: str) -> str:
    """ "New York" of "America/New_York", "+5:30" of "UTC+05:30"."""
    if name.startswith("UTC"):
        return name[3:].removesuffix(":00")
    return name.rpartition("/")[2].replace("_", " ")
