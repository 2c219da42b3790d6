"""Where time zones are: a point for each, from the zone table that comes with the time zones themselves."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

LAND = Path(__file__).parent / "land.json"
"""Outlines of the continents in degrees, and who made them: no map is fetched from anywhere."""
_POINT = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?$")


def point(zone: str) -> tuple[float, float] | None:
    """Longitude and latitude of a zone's best known city; None for a zone that is nowhere, such as UTC."""
    known = _points()
    return known.get(zone) or known.get(_links().get(zone, ""))


@cache
def land() -> list[list[list[float]]]:
    """Rings of points in degrees."""
    found: list[list[list[float]]] = json.loads(LAND.read_text())["land"]
    return found


@cache
def _points() -> dict[str, tuple[float, float]]:
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text().splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {row[2]: _degrees(row[1]) for row in rows}


@cache
def _links() -> dict[str, str]:
    """Zones by their other names: "Asia/Calcutta" is "Asia/Kolkata"."""
    lines = (files("tzdata") / "zoneinfo" / "tzdata.zi").read_text().splitlines()
    return {link: target for kind, target, link in (line.split() for line in lines if line.startswith("L ")) if kind}


def _degrees(text: str) -> tuple[float, float]:
    found = _POINT.match(text)
    assert found, text
    ns, lat, lat_m, lat_s, ew, lon, lon_m, lon_s = found.groups()
    latitude = int(lat) + int(lat_m) / 60 + int(lat_s or 0) / 3600
    longitude = int(lon) + int(lon_m) / 60 + int(lon_s or 0) / 3600
    return round(longitude * (-1 if ew == "-" else 1), 2), round(latitude * (-1 if ns == "-" else 1), 2)
