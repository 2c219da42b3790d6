"""The one palette: Okabe–Ito series colours on a light and a dark ground.

Pages, charts and every file take their colours from here; `.streamlit/config.toml`
repeats them and a test compares the two. Text colours keep a contrast of 4.5 to 1
on their ground, and good and bad differ in lightness as well as in hue.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FONT = "Source Sans Pro"
"""Carried by a package of its own, so a machine without any font looks the same."""

STACK = "'Source Sans 3','Source Sans Pro','Segoe UI','Helvetica Neue',Arial,sans-serif"
"""For HTML, which takes what the reader's machine has."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by what they are for."""

    name: str
    background: str
    surface: str
    """Cards, table heads."""
    text: str
    muted: str
    """Notes and axis labels."""
    line: str
    """Rules and grid lines."""
    primary: str
    button: str
    """What white words stand on."""
    good: str
    bad: str
    info: str
    """Ground of a notice."""
    warning: str
    error: str
    categorical: tuple[str, ...]
    sequential: tuple[str, ...]
    """From little to much."""


LIGHT = Theme(
    name="light",
    background="#ffffff",
    surface="#f4f6f8",
    text="#1c2733",
    muted="#566170",
    line="#dbe1e8",
    primary="#0072B2",
    button="#0072B2",
    good="#00684c",
    bad="#a83e00",
    info="#e6f1f8",
    warning="#fdf3dc",
    error="#fbe7dd",
    categorical=("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#785EF0"),
    sequential=(
        "#eef5fa", "#d6e7f3", "#bcd8ec", "#9cc7e3", "#78b3d9", "#539ecd", "#2f88c0", "#0072B2", "#005a8e", "#00426a",
    ),
)  # fmt: skip

DARK = Theme(
    name="dark",
    background="#0e1117",
    surface="#1a212b",
    text="#e8edf2",
    muted="#a4afbd",
    line="#313a48",
    primary="#56B4E9",
    button="#1F78B4",
    good="#3fd0a0",
    bad="#ff9a5c",
    info="#12293a",
    warning="#362b10",
    error="#3a2015",
    categorical=("#56B4E9", "#E69F00", "#00C08B", "#CC79A7", "#0090D8", "#FF7F2A", "#F0E442", "#A08CFF"),
    sequential=(
        "#16222e", "#1a3347", "#1d455f", "#205878", "#256c93", "#2d81ae", "#3c98cb", "#56B4E9", "#85caf0", "#b8e0f7",
    ),
)  # fmt: skip


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2: 1 (same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two; `share` of the second."""
    parts = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def ink_on(colour: str) -> str:
    """Black or white, whichever is read better on a colour; the contrast is never below 4.5 to 1."""
    return max("#000000", "#ffffff", key=lambda words: contrast(words, colour))


def css_variables(theme: Theme) -> str:
    """The theme as custom properties of CSS."""
    names = ("background", "surface", "text", "muted", "line", "primary", "good", "bad", "info", "warning", "error")
    return "".join(f"--{name}:{getattr(theme, name)};" for name in names)


@cache
def font_folder() -> Path:
    """Where the TrueType files of `FONT` lie."""
    from importlib.util import find_spec

    found = find_spec("font_source_sans_pro")  # importing it would list every font there is
    assert found is not None
    assert found.origin
    return Path(found.origin).parent / "files"
