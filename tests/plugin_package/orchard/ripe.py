"""A plot of ours with a mark where it is highest."""

from __future__ import annotations

from typing import Any

from core.figures import PointMark, Series, SeriesStyle
from core.views.kinds.plot import Plot


class RipePlot(Plot):
    key = "orchard.plot"
    label = "Ripe plot"
    about = "A plot that says when there was most."

    def post_plot(self, figure: Series, table: Any) -> Series:
        line = figure.lines[0]
        high, at = max((y, x) for x, y in zip(line.x, line.y, strict=True) if y is not None)
        style = (figure.style or SeriesStyle()).model_copy(update={"marks": [PointMark(x=at, y=high, text="ripe")]})
        return figure.model_copy(update={"style": style, "note": f"Ripe at {high:.0f}."})
