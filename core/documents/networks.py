"""A Network as a drawing: names on a ring by group unless places are given, ties as thick as they are strong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import cos, pi, sin, sqrt
from typing import Any

from core.base.counted import counted
from core.documents import marks, pictures, placing
from core.documents.kept import once
from core.documents.theme import LIGHT, Theme
from core.figures import Network, Node

MOST_NODES = 120
MOST_EDGES = 800
"""More than this is a ball of wool, whoever draws it."""

SIZE = 420
USUAL = 640.0
"""Pixels across where a page decides; in a wider window the names stand further apart."""
EDGE = 40
"""Pixels around the dots."""
LEGEND = 45
"""Pixels that the names of groups take of the height."""
LEAST, MOST = 60, 700
"""What dots cover, in square pixels."""


def drawable(network: Network) -> bool:
    """Whether a reader could see anything in a drawing of it."""
    return 0 < len(network.nodes) <= MOST_NODES and len(network.edges) <= MOST_EDGES


def describe(network: Network) -> str:
    """The drawing in one sentence."""
    groups = len({node.group for node in network.nodes if node.group})
    among = f" in {groups} groups" if groups > 1 else ""
    title = f"Network of {network.title}" if network.title else "Network"
    return f"{title}: {counted(len(network.nodes), 'name')}{among}, {counted(len(network.edges), 'tie')}."


def spec(network: Network, theme: Theme | None = None, width: float | None = None) -> dict[str, Any]:
    """The drawing as a Vega-Lite dict with its values. Do not change it."""
    content = network.model_dump_json(include={"nodes", "edges"})
    return once("network", content, (theme, width), lambda: _spec(network, theme, width))


def svg(network: Network, theme: Theme = LIGHT, width: float = 640) -> str:
    """The drawing as SVG."""
    drawn = {**spec(network, theme, width), "config": pictures.config(theme), "background": "transparent"}
    return pictures.svg(drawn)


def places(network: Network) -> dict[str, tuple[float, float]]:
    """Where each node stands. A group's nodes are neighbours on the ring."""
    if all(node.x is not None and node.y is not None for node in network.nodes):
        return {node.id: (node.x or 0.0, node.y or 0.0) for node in network.nodes}
    ordered = sorted(network.nodes, key=lambda node: (node.group, node.label))
    turn = 2 * pi / max(1, len(ordered))
    return {node.id: (sin(turn * i), cos(turn * i)) for i, node in enumerate(ordered)}


def _spec(network: Network, theme: Theme | None, width: float | None) -> dict[str, Any]:
    at = places(network)
    quiet = theme.muted if theme else "#8a94a3"
    return {
        "width": width or "container",
        "height": SIZE,
        "autosize": {"type": "fit", "contains": "padding"},
        "layer": [_ties(network, at, quiet), _names(network, at, theme), *_labels(network, at, quiet, width or USUAL)],
        "resolve": {"scale": {"size": "independent"}},
    }


def _place(field: str) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"nice": False, "zero": False, "padding": EDGE},
    }


def _ties(network: Network, at: dict[str, tuple[float, float]], colour: str) -> dict[str, Any]:
    labels = {node.id: node.label for node in network.nodes}
    lines = [
        {"x": at[e.source][0], "y": at[e.source][1], "x2": at[e.target][0], "y2": at[e.target][1]}
        | {"weight": e.weight, "tie": f"{labels[e.source]} – {labels[e.target]}"}
        for e in network.edges
        if e.source in at and e.target in at
    ]
    width = {"field": "weight", "type": "quantitative", "legend": None, "scale": {"range": [0.6, 6], "zero": True}}
    told = [{"field": "tie", "title": "Tie"}, {"field": "weight", "title": "Strength"}]
    return {
        "data": {"values": lines},
        "mark": {"type": "rule", "color": colour, "opacity": 0.45},
        "encoding": {"x": _place("x"), "y": _place("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
        | {"strokeWidth": width, "tooltip": told},
    }


def _names(network: Network, at: dict[str, tuple[float, float]], theme: Theme | None) -> dict[str, Any]:
    groups = sorted({node.group for node in network.nodes})
    scale: dict[str, Any] = {"domain": groups}
    if theme:
        scale["range"] = [theme.categorical[i % len(theme.categorical)] for i in range(len(groups))]
    legend = marks.LEGEND if len(groups) > 1 else None
    size = {"field": "size", "type": "quantitative", "legend": None, "scale": {"range": [LEAST, MOST], "zero": True}}
    told = [
        {"field": "label", "title": "Name"},
        {"field": "group", "title": "Group"},
        {"field": "size", "title": "Size"},
    ]
    return {
        "data": {"values": [_point(node, at) for node in network.nodes]},
        "mark": {"type": "circle", "opacity": 0.95},
        "encoding": {"x": _place("x"), "y": _place("y"), "size": size, "tooltip": told}
        | {"color": {"field": "group", "type": "nominal", "scale": scale, "legend": legend}},
    }


def _labels(
    network: Network, at: dict[str, tuple[float, float]], colour: str, across: float
) -> Iterator[dict[str, Any]]:
    """Names beside their dots, a layer a side."""
    dots = _dots(network, at, across)
    sides = placing.sides(dots, across)
    for side in dict.fromkeys(sides.values()):
        shown = [
            _point(node, at) | {"away": round(dot.radius + placing.GAP, 1)}
            for place, (node, dot) in enumerate(zip(network.nodes, dots, strict=True))
            if sides.get(place) == side
        ]
        yield {
            "data": {"values": shown},
            "mark": {"type": "text", "fontSize": placing.SIZE, "color": colour, **_SIDES[side]},
            "encoding": {"x": _place("x"), "y": _place("y"), "text": {"field": "label"}},
        }


_SIDES: dict[placing.Side, dict[str, Any]] = {
    "above": {"baseline": "bottom", "dy": {"expr": "-datum.away"}},
    "below": {"baseline": "top", "dy": {"expr": "datum.away"}},
    "right": {"align": "left", "baseline": "middle", "dx": {"expr": "datum.away"}},
    "left": {"align": "right", "baseline": "middle", "dx": {"expr": "-datum.away"}},
}


def _dots(network: Network, at: dict[str, tuple[float, float]], across: float) -> list[placing.Dot]:
    """Where the nodes come to stand."""
    xs, ys = zip(*at.values(), strict=True)
    grouped = len({node.group for node in network.nodes}) > 1
    most = max((node.size for node in network.nodes), default=0.0)
    x, y = _scale(xs, across), _scale(ys, SIZE - LEGEND * grouped)
    return [
        placing.Dot(x(at[node.id][0]), -y(at[node.id][1]), _radius(node, most), node.label) for node in network.nodes
    ]


def _scale(values: Sequence[float], room: float) -> Callable[[float], float]:
    low, high = min(values), max(values)
    return lambda value: EDGE + (value - low) / ((high - low) or 1.0) * (room - 2 * EDGE)


def _radius(node: Node, most: float) -> float:
    return sqrt((LEAST + (MOST - LEAST) * max(0.0, node.size) / (most or 1.0)) / pi)


def _point(node: Node, at: dict[str, tuple[float, float]]) -> dict[str, Any]:
    x, y = at[node.id]
    return {"x": x, "y": y, "label": node.label, "group": node.group, "size": node.size}
