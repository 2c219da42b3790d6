"""A report's own looks: the palette of its author's choice, for light and for dark, and what of it is hard to read.

What is not chosen is the house's. Colours of the ground (`ui_colors`) hold in light and
in dark, since they are what the author saw; without them a page follows its reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from core.documents.choice import ThemeChoice
from core.documents.theme import DARK, LIGHT, Theme, contrast, mixed

READABLE = 4.5
"""The least contrast of words and their ground, by WCAG 2."""

SEEN = 3.0
"""The least contrast of a line or bar and its ground."""

HOUSE_WIDTH = 86
"""The width of a column that nobody chose; the house's page is then as wide as it always is."""


@dataclass(frozen=True, slots=True)
class Look:
    """How one document looks."""

    main: Theme
    """Of everything that cannot follow its reader: paper, mails, pictures."""
    other: Theme | None
    """Of a page whose reader's machine is dark; None where the choice is fixed."""
    heading_font: str = ""
    width: int | None = None
    """Of a page, in pixels; None for the house's."""
    padding: int | None = None
    """At the left and right of a page."""


@lru_cache(maxsize=64)
def look(choice: ThemeChoice | None) -> Look:
    """The looks that a document's theme asks for."""
    if choice is None:
        return Look(LIGHT, DARK)
    wide = choice.column_width != HOUSE_WIDTH
    padding = None if choice.padding_width == ThemeChoice().padding_width and not wide else choice.padding_width
    width = choice.num_columns * choice.column_width if wide else None
    main, other = _grounds(choice)
    return Look(main, other, choice.heading_font, width, padding)


def hard_to_read(choice: ThemeChoice | None) -> list[str]:
    """A sentence for each pair of the author's colours that lacks contrast."""
    if choice is None or not (choice.ui_colors or choice.error_colors or choice.success_colors):
        return []
    main = look(choice).main
    return [
        f"The theme's {name} {one} on {other} has a contrast of {contrast(one, other):.1f} to 1:"
        f" below {READABLE} it is hard to read. Choose a {'darker' if main.name == 'light' else 'lighter'} one."
        for name, one, other in _pairs(main)
        if contrast(one, other) < READABLE
    ]


def _pairs(theme: Theme) -> Iterator[tuple[str, str, str]]:
    yield "text", theme.text, theme.background
    yield "text", theme.text, theme.surface
    yield "lighter text", theme.muted, theme.background
    yield "success colour", theme.good, theme.background
    yield "error colour", theme.bad, theme.background
    yield "text", theme.text, theme.error


def _grounds(choice: ThemeChoice) -> tuple[Theme, Theme | None]:
    if choice.ui_colors:
        return _painted(_ground(choice.ui_colors), choice), None
    light, dark = _painted(LIGHT, choice), _painted(DARK, choice)
    if choice.mode == "auto":
        dark = _painted(DARK, choice.model_copy(update={"series_colors": _lit(choice.series_colors)}))
    match choice.mode:
        case "light":
            return light, None
        case "dark":
            return dark, None
        case _:
            return light, dark


def _ground(colours: tuple[str, str, str, str, str]) -> Theme:
    """The house's theme on a ground of the author's: text, lighter text, rules, accent, background."""
    text, muted, line, surface, background = colours
    base = LIGHT if contrast(background, "#000000") > contrast(background, "#ffffff") else DARK
    own = replace(base, text=text, muted=muted, line=line, surface=surface, background=background, info=surface)
    readable: dict[str, Any] = {
        name: getattr(base, name) if contrast(getattr(base, name), background) >= READABLE else text
        for name in ("primary", "good", "bad")
    }
    grounds: dict[str, Any] = {
        name: getattr(base, name) if contrast(text, getattr(base, name)) >= READABLE else surface
        for name in ("warning", "error")
    }
    return replace(own, **readable, **grounds, sequential=_ramp(background, base.primary))


def _painted(base: Theme, choice: ThemeChoice) -> Theme:
    dark = base.name == "dark"
    made = base
    if choice.error_colors:
        strong, pale = choice.error_colors
        made = replace(made, bad=strong, error=pale)
        if dark:
            made = replace(made, bad=pale, error=mixed(base.background, strong, 0.35))
    if choice.success_colors:
        made = replace(made, good=choice.success_colors[1 if dark else 0])
    if choice.series_colors:
        made = _coloured(made, choice.series_colors)
    return made


def _lit(colours: tuple[str, ...]) -> tuple[str, ...]:
    """Colours that were chosen for a light ground, made light enough to be seen on a dark one."""
    steps = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75)
    shades = ([mixed(colour, "#ffffff", step) for step in steps] for colour in colours)
    return tuple(next((one for one in shade if contrast(one, DARK.background) >= SEEN), shade[-1]) for shade in shades)


def _coloured(base: Theme, colours: tuple[str, ...]) -> Theme:
    """The author's colours of series first, the house's after them."""
    first = colours[0]
    return replace(
        base,
        categorical=(*colours, *base.categorical[len(colours) :]),
        primary=first if contrast(first, base.background) >= READABLE else base.primary,
        sequential=_ramp(base.background, first),
    )


def _ramp(ground: str, full: str) -> tuple[str, ...]:
    """Ten steps from next to nothing to all of a colour."""
    return tuple(mixed(ground, full, 0.08 + 0.92 * step / 9) for step in range(10))
