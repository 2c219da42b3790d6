"""How a chart looks: the house's habits, and what its own style asks instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.documents.theme import Theme, mixed
from core.figures import Series, SeriesStyle

FONT_SIZE = 11.0
LINE_WIDTH = 2.0
DOT = 6.0
"""Diameter of a dot on a line."""
POINT = 8.7
"""Diameter of a point of a scatter plot."""
POINTED = 45
"""Up to so many places a line shows each as a dot."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,24}")
_PLAIN = SeriesStyle()


def style_of(series: Series) -> SeriesStyle:
    """The chart's own style; one that asks for nothing if it has none."""
    return series.style or _PLAIN


def palette(series: Series, theme: Theme) -> list[str]:
    """A colour a line: the style's own in order, the theme's after them."""
    own = [colour for colour in style_of(series).colours if _COLOUR.fullmatch(colour)]
    every = [*own, *(theme.categorical[len(own) :] or theme.categorical)] if own else list(theme.categorical)
    return [_nuance(every[number % len(every)], number // len(every)) for number in range(len(series.lines))]


def _nuance(colour: str, round_: int) -> str:
    """A colour that is used again: darker the second time, lighter the third."""
    if not round_ or not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return colour
    share, towards = ((0.4, 0), (0.5, 255))[(round_ - 1) % 2]
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (towards - part) * share):02x}" for part in parts)


def seen(colour: str, opacity: float, background: str) -> str:
    """What is seen of a colour that a ground shines through."""
    return mixed(background, _hexadecimal(colour), opacity)


def ground(colour: str, opacity: float) -> str:
    """What words on a bar stand on, as style sheets find it."""
    return colour if opacity >= 1 else f"{colour} {opacity:.2g}"


def _hexadecimal(colour: str) -> str:
    if re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return colour
    from PIL import ImageColor

    try:
        red, green, blue = ImageColor.getrgb(colour)[:3]
    except ValueError:
        return "#808080"
    return f"#{red:02x}{green:02x}{blue:02x}"


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes and colours of one chart."""

    theme: Theme
    style: SeriesStyle
    colours: list[str]
    several: bool
    """Whether there is more than one line."""

    @classmethod
    def of(cls, series: Series, theme: Theme) -> Look:
        return cls(theme, style_of(series), palette(series, theme), len(series.lines) > 1)

    @property
    def size(self) -> float:
        """Of letters, in pixels."""
        return self.style.font_size or FONT_SIZE

    @property
    def line_width(self) -> float:
        return LINE_WIDTH if self.style.line_width is None else self.style.line_width

    @property
    def legend(self) -> bool:
        return self.several if self.style.legend is None else self.style.legend

    def opacity(self, usual: float) -> float:
        return usual if self.style.opacity is None else self.style.opacity

    def dot(self, usual: float) -> float:
        """Radius of a dot."""
        return (self.style.marker_size or usual) / 2
