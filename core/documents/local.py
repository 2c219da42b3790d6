"""A document made ready to be written: done once, so no format can forget it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from core.documents.clean import json_text
from core.documents.document import Document
from core.figures import Cell, Figure, Series, SeriesStyle, Table

C = TypeVar("C", bound=Cell)


def localised(document: Document) -> Document:
    """The document with all its moments in its own time zone, and without letters that no format can carry."""
    frozen = document.frozen()
    if (cleaned := json_text(frozen)) != frozen:
        document = Document.thawed(cleaned)
    zone = ZoneInfo(document.time_zone)
    sections = [
        section.model_copy(update={"blocks": [_figure(figure, zone) for figure in section.blocks]})
        for section in document.sections
    ]
    return document.model_copy(update={"sections": sections})


def _figure(figure: Figure, zone: ZoneInfo) -> Figure:
    if isinstance(figure, Table) and any(column.kind == "moment" for column in figure.cols):
        return figure.model_copy(update={"rows": [[_moment(cell, zone) for cell in row] for row in figure.rows]})
    if isinstance(figure, Series) and figure.x.kind == "temporal":
        lines = [line.model_copy(update={"x": [_moment(x, zone) for x in line.x]}) for line in figure.lines]
        return figure.model_copy(update={"lines": lines, "style": figure.style and _style(figure.style, zone)})
    return figure


def _style(style: SeriesStyle, zone: ZoneInfo) -> SeriesStyle:
    marks = [mark.model_copy(update={"x": _moment(mark.x, zone)}) for mark in style.marks]
    ends = {"x_from": _moment(style.x_from, zone), "x_to": _moment(style.x_to, zone)}
    return style.model_copy(update={**ends, "marks": marks})


def _moment(cell: C, zone: ZoneInfo) -> C | datetime:
    if not isinstance(cell, datetime):
        return cell
    return (cell if cell.tzinfo else cell.replace(tzinfo=UTC)).astimezone(zone)
