"""A chart of a page in several widths, of which each reader sees the one that fits, so that its words stay readable.

A drawing that is made smaller takes its words along: on a telephone they would be four
pixels high, and its legend could not go on in a second row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from core.documents import drawing
from core.figures import Figure, Series

STEP, LARGE_STEP = 1.33, 1.7
"""How much a drawing is made larger at most before the next one takes its place; the large one for drawings that a
script engine makes, which take long."""

NARROW = 300.0
"""What a telephone leaves for a chart, in pixels."""
ALONE, IN_PAIRS = 794.0, 554.0
"""The most that is left where a narrow page gives a figure a whole row; in pairs for what takes half a row at most,
since that gets one only on narrower pages still. `document.css` says which."""
LEAST = 0.72
"""Of its full width, what a figure has left before the page gives it another place."""
SMALLER = 1.12
"""So much smaller than it was drawn may the smallest drawing be."""
MOST_LARGER = 3
"""Drawings that are wider than on a full page."""

Range = tuple[int, int]
"""From which width a drawing is shown, and up to which; 0 for an end that is open."""


def widths(full: float, step: float = STEP, *, small: bool = False) -> list[int]:
    """The widths that a chart is drawn in, widest first; `full` is that of a page with room for all its columns."""
    most, found = (IN_PAIRS if small else ALONE), [round(full)]
    higher = max(step, (most / full) ** (1 / (MOST_LARGER + 1)))
    while found[0] * higher < most:
        found.insert(0, round(found[0] * higher))
    while found[-1] > min(NARROW, full * LEAST) * SMALLER:
        found.append(round(found[-1] / step))
    return found


def widths_of(figure: Figure, full: float, columns: int) -> list[int]:
    """Those of a figure on a page of so many columns."""
    step = STEP if isinstance(figure, Series) and figure.mark in drawing.MARKS else LARGE_STEP
    return widths(full, step, small=small(figure, columns))


def small(figure: Figure, columns: int) -> bool:
    """Whether two of its kind stand side by side."""
    return 2 * figure.columns <= columns


def ranges(every: list[int]) -> list[Range]:
    """Where each of the drawings is shown."""
    ends = [0, *every]
    return [(low if place < len(every) - 1 else 0, high) for place, (high, low) in enumerate(pairwise(ends))]


def bundled(every: list[int], full: float, draw: Callable[[int], str]) -> str:
    """All drawings of a chart. Where none of the rules holds, the one of the full page is seen."""
    drawn = (
        f'<div class="size {_name(shown)}{" usual" if width == round(full) else ""}">{draw(width)}</div>'
        for width, shown in zip(every, ranges(every), strict=True)
    )
    return f'<div class="sizes">{"".join(drawn)}</div>'


def rules(every: Iterable[Range]) -> str:
    """The style sheet of these drawings."""
    start = ".sizes{container:sizes/inline-size}.size:not(.usual){display:none}"
    return start + "".join(part for shown in sorted(set(every)) for part in _rules(shown))


def _rules(shown: Range) -> Iterator[str]:
    low, high = shown
    inside = " and ".join([f"(width>={low}px)"] * bool(low) + [f"(width<{high}px)"] * bool(high))
    if low:
        yield f"@container sizes (width<{low}px){{.{_name(shown)}{{display:none}}}}"
    if high:
        yield f"@container sizes (width>={high}px){{.{_name(shown)}{{display:none}}}}"
    if inside:
        yield f"@container sizes {inside}{{.size.{_name(shown)}:not(.usual){{display:block}}}}"


def _name(shown: Range) -> str:
    return f"w{shown[0]}-{shown[1]}"
