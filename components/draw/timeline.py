"""The course of one pull request: its events on lanes over time, the phases that they part as bands behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.catalogue.pulls import Event, Pull

LANES = ("Steps", "Commits", "Reviews", "Comments")
_LANE = {
    "pushed": "Commits",
    "first commit": "Commits",
    "comment": "Comments",
    "asked for a review": "Reviews",
    "approved": "Reviews",
    "changes requested": "Reviews",
    "commented": "Reviews",
    "dismissed": "Reviews",
}
_COLOURS = {"Steps": "#0072b2", "Commits": "#7a8794", "Reviews": "#009e73", "Comments": "#e69f00"}
_GOOD, _BAD = "approved", "changes requested"


def draw(pull: Pull, key: str) -> None:
    """Draw it; nothing where no moment is known."""
    if not pull.events:
        st.info("No moments of this pull request are known.")
        return
    st.vega_lite_chart(_spec(pull.events), width="stretch", key=f"timeline-{key}", alt=_told(pull))


def lane(event: Event) -> str:
    """The row that an event stands in."""
    return _LANE.get(event.what, "Steps")


def _told(pull: Pull) -> str:
    first, last = pull.events[0], pull.events[-1]
    return (
        f"{len(pull.events)} events from {first.what} on {first.at:%-d %b %Y %H:%M}"
        f" to {last.what} on {last.at:%-d %b %Y %H:%M} UTC."
    )


def _spec(events: Sequence[Event]) -> dict[str, Any]:
    rows = [
        {"at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}", "lane": lane(one), "what": one.what, "who": one.who or "–",
         "detail": one.detail, "form": one.what if one.what in (_GOOD, _BAD) else "other"}
        for one in events
    ]  # fmt: skip
    steps = [row for row in rows if row["lane"] == "Steps"]
    at = {"field": "at", "type": "temporal", "title": None, "axis": {"format": "%-d %b %H:%M", "labelOverlap": True}}
    points = {
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 0.85},
        "encoding": {
            "x": at,
            "y": {"field": "lane", "type": "nominal", "sort": list(LANES), "title": None, "scale": {"domain": LANES}},
            "color": {
                "field": "lane",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": LANES, "range": [_COLOURS[name] for name in LANES]},
            },
            "shape": {
                "field": "form",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": [_GOOD, _BAD, "other"], "range": ["triangle-up", "triangle-down", "circle"]},
            },
            "tooltip": [
                {"field": "what", "title": "What"},
                {"field": "who", "title": "Who"},
                {"field": "detail", "title": "Detail"},
                {"field": "at", "type": "temporal", "title": "When", "format": "%-d %b %Y %H:%M"},
            ],
        },
    }
    lines = {
        "data": {"values": steps},
        "mark": {"type": "rule", "strokeDash": [4, 3], "color": _COLOURS["Commits"]},
        "encoding": {"x": at},
    }
    return {"height": 190, "data": {"values": rows}, "layer": [lines, points]}
