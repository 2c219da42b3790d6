"""A drawing of many things on the graphics card, by pydeck's format: written once as text, sent as it is.

pydeck itself takes a third of a second to write a network of thousands, on every run of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
import streamlit as st

Layer = dict[str, Any]
VIEW = "OrthographicView"
"""A plain sheet: no map service is asked for anything."""


class Deck:
    """What `st.pydeck_chart` needs of a deck."""

    layers: tuple[()] = ()
    mapbox_key = None

    def __init__(self, text: str, tooltip: str) -> None:
        self._text, self._tooltip = text, {"text": tooltip}

    def to_json(self) -> str:
        return self._text


def layer(kind: str, name: str, rows: Sequence[Mapping[str, Any]], **settings: Any) -> Layer:
    """A layer of deck.gl; a setting that names a field of the rows is written "@@=field"."""
    return {"@@type": f"{kind}Layer", "id": name, "data": rows, **settings}


def written(layers: Sequence[Layer], zoom: float = 0.0, middle: tuple[float, float] = (0, 0), most: float = 6) -> str:
    """The whole drawing as text."""
    return orjson.dumps(
        {
            "initialViewState": {"target": [*middle, 0], "zoom": zoom, "minZoom": -3, "maxZoom": most},
            "views": [{"@@type": VIEW, "controller": True}],
            "layers": layers,
        }
    ).decode()


def show(text: str, tooltip: str, key: str, alt: str, height: int, chosen: Callable[[], None] | None = None) -> None:
    """Draw it; `chosen` runs when somebody picks a thing: `picked` tells which."""
    st.pydeck_chart(
        Deck(text, tooltip),
        key=key,
        alt=alt,
        height=height,
        on_select=chosen or "ignore",
        selection_mode="single-object",
    )


def picked(key: str, name: str) -> str:
    """The id of what was picked in a layer; empty for nothing."""
    state = st.session_state.get(key)
    found = state["selection"]["objects"].get(name, []) if state else []
    return str(found[0]["id"]) if found else ""


def rgb(colour: str, alpha: int = 255) -> list[int]:
    """A colour as deck.gl takes it."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)] + [alpha]
