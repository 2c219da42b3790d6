"""One number: its value, its change in the colour of good or bad, its recent history, and what it means."""

from __future__ import annotations

from math import nan
from typing import Literal

import streamlit as st

from components.draw import words
from core.context import Context
from core.documents import wording
from core.figures import Change, Stat

BESIDE = 34
"""Letters that fit beside each other on the narrowest of three cards."""


def draw(ctx: Context, shown: Stat, key: str) -> None:
    """Draw the number. Its "Explain" asks nothing before it is pressed."""
    if shown.value is None:
        words.heading(shown.title, shown.description, shown.link)
        words.empty(shown)
    else:
        _metric(shown)
        words.notes(_below(shown.change))
        words.notes(shown.note, wording.remark(shown))
    if shown.explain:
        from components import explain  # which draws figures itself

        explain.button(ctx, shown.explain, key)


def _metric(shown: Stat) -> None:
    change = shown.change
    st.metric(
        words.linked(shown.title, shown.link),
        shown.text,
        change.text if change else None,
        _colour(change),
        delta_arrow=_arrow(change),
        delta_description=change.versus if change and not _below(change) else None,
        help=words.plain(shown.description) or None,
        chart_data=_spark(shown.spark),
        chart_type="line",
    )


def _below(change: Change | None) -> str:
    """What a number is compared with, where it is too long to stand beside the change: it would be cut off."""
    return change.versus if change and len(change.text) + len(change.versus) > BESIDE else ""


def _spark(values: list[float | None]) -> list[float] | None:
    """The history as Streamlit takes it, where a gap is NaN; None if there is no line to draw."""
    if sum(value is not None for value in values) < 2:
        return None
    return [nan if value is None else value for value in values]


def _colour(change: Change | None) -> Literal["green", "red", "gray"]:
    if change is None or change.good is None:
        return "gray"
    return "green" if change.good else "red"


def _arrow(change: Change | None) -> Literal["up", "down", "off"]:
    if change is None or not change.value:
        return "off"
    return "up" if change.value > 0 else "down"
