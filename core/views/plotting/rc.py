"""matplotlib's settings, as report files carry them, in the terms of a chart's own style."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.base.errors import BadInput
from core.figures import SeriesStyle

INCH = 72
"""Pixels of an inch, and points."""
BASE = 11.0
"""Our letters where matplotlib has its 'medium'."""
_SIZES = {"xx-small": 0.58, "x-small": 0.69, "small": 0.83, "medium": 1.0, "large": 1.2, "x-large": 1.44,
          "xx-large": 1.73, "smaller": 0.83, "larger": 1.2}  # fmt: skip
_TAB = {"blue": "#1f77b4", "orange": "#ff7f0e", "green": "#2ca02c", "red": "#d62728", "purple": "#9467bd",
        "brown": "#8c564b", "pink": "#e377c2", "gray": "#7f7f7f", "grey": "#7f7f7f", "olive": "#bcbd22",
        "cyan": "#17becf"}  # fmt: skip
_LETTERS = {"b": "#0000ff", "g": "#008000", "r": "#ff0000", "c": "#00bfbf", "m": "#bf00bf", "y": "#bfbf00",
            "k": "#000000", "w": "#ffffff"}  # fmt: skip


@dataclass(slots=True)
class Settings:
    """What the settings ask of a chart."""

    style: dict[str, Any] = field(default_factory=dict)
    """Fields of SeriesStyle."""
    dashed: bool = False
    lineless: bool = False
    """Points without a line between them."""
    unknown: list[str] = field(default_factory=list)
    """Settings that change nothing here."""

    def of_series(self, more: Mapping[str, Any]) -> SeriesStyle:
        """The style, with what the view's own arguments say on top."""
        return SeriesStyle(**{**self.style, **{name: value for name, value in more.items() if value is not None}})


def read(settings: Mapping[str, Any]) -> Settings:
    """Settings in words of ours; BadInput if one has a value that cannot be."""
    found = Settings()
    for name, value in settings.items():
        if (apply := _KNOWN.get(name)) is None:
            found.unknown.append(name)
            continue
        try:
            apply(found, value)
        except (TypeError, ValueError) as error:
            raise BadInput(f"'plot_rc': '{name}' cannot be {value!r}. {error}") from error
    return found


def _number(value: Any) -> float:
    try:
        if isinstance(value, bool):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        raise ValueError("Write a number.") from None


def _sized(name: str, least: float, most: float) -> Callable[[Settings, Any], None]:
    def apply(found: Settings, value: Any) -> None:
        found.style[name] = min(most, max(least, _number(value)))

    return apply


def _font(found: Settings, value: Any) -> None:
    size = _SIZES[value] * BASE if isinstance(value, str) and value in _SIZES else _number(value)
    found.style["font_size"] = min(40.0, max(5.0, size))


def _label(found: Settings, value: Any) -> None:
    """Sizes of single texts stand behind `font.size`."""
    before = found.style.get("font_size")
    _font(found, value)
    if before is not None:
        found.style["font_size"] = before


def _marker(found: Settings, value: Any) -> None:
    found.style["marker"] = str(value).strip().lower() not in ("none", "", " ")


def _line_style(found: Settings, value: Any) -> None:
    match str(value).strip().lower():
        case "-" | "solid":
            found.dashed = False
        case "--" | "-." | ":" | "dashed" | "dashdot" | "dotted":
            found.dashed = True
        case "none" | "":
            found.lineless = True
        case _:
            raise ValueError("Write solid, dashed, dashdot, dotted or none.")


def _grid(found: Settings, value: Any) -> None:
    if not isinstance(value, bool):
        raise ValueError("Write true or false.")
    found.style["grid"] = value


def _figure(found: Settings, value: Any) -> None:
    parts = re.findall(r"[\d.]+", value) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or len(parts) != 2:
        raise ValueError("Write width and height in inches: [6, 3].")
    found.style["height"] = min(1200.0, max(120.0, _number(parts[1]) * INCH))


def _cycle(found: Settings, value: Any) -> None:
    colours = [colour_of(one) for one in _colours_in(value)]
    if not colours:
        raise ValueError("Write a list of colours.")
    found.style["colours"] = colours


def _colours_in(value: Any) -> list[Any]:
    """Colours of a list, of {color: […]}, or of "cycler('color', […])"."""
    if isinstance(value, Mapping):
        return _colours_in(value.get("color", []))
    if isinstance(value, list | tuple):
        return list(value)
    said = str(value)
    if not said.lstrip().startswith("cycler"):
        return [part for part in re.split(r"[\s,]+", said) if part]
    quoted = [part for part in re.findall(r"['\"]([^'\"]+)['\"]", said) if part != "color"]
    return list(quoted[0]) if len(quoted) == 1 and set(quoted[0]) <= set(_LETTERS) else quoted


def colour_of(value: Any) -> str:
    """A colour of matplotlib's as #rrggbb, or a name that the web knows too."""
    said = str(value).strip()
    if said.lower() in _LETTERS:
        return _LETTERS[said.lower()]
    if re.fullmatch(r"C\d+", said):
        return list(dict.fromkeys(_TAB.values()))[int(said[1:]) % 10]
    if said.lower().startswith("tab:") and said[4:].lower() in _TAB:
        return _TAB[said[4:].lower()]
    if re.fullmatch(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})", said):
        return said if said.startswith("#") else f"#{said}"
    if re.fullmatch(r"[a-zA-Z]{3,24}", said):
        return said.lower()
    raise ValueError(f"'{said}' is no colour. Write it as #0072B2.")


def _nothing(found: Settings, value: Any) -> None:
    """A setting that our look has anyway."""


_KNOWN: dict[str, Callable[[Settings, Any], None]] = {
    "lines.linewidth": _sized("line_width", 0.0, 20.0),
    "lines.linestyle": _line_style,
    "lines.marker": _marker,
    "lines.markersize": _sized("marker_size", 0.5, 40.0),
    "scatter.marker": _nothing,
    "axes.grid": _grid,
    "axes.prop_cycle": _cycle,
    "font.size": _font,
    "xtick.labelsize": _label,
    "ytick.labelsize": _label,
    "axes.labelsize": _label,
    "legend.fontsize": _label,
    "figure.figsize": _figure,
}
