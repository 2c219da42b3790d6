"""The small line in a figure's card, as SVG that needs no chart library."""

from __future__ import annotations

from collections.abc import Iterator

WIDTH = 120
HEIGHT = 30


def points(
    values: list[float | None], width: float = WIDTH, height: float = HEIGHT
) -> Iterator[list[tuple[float, float]]]:
    """The line's pieces; a gap ends a piece. The y axis points down."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return
    low, high = min(known), max(known)
    step = (width - 4) / (len(values) - 1)
    piece: list[tuple[float, float]] = []
    for place, value in enumerate(values):
        if value is None:
            if piece:
                yield piece
            piece = []
            continue
        share = (value - low) / (high - low) if high > low else 0.5
        piece.append((2 + place * step, height - 3 - share * (height - 6)))
    if piece:
        yield piece


def svg(values: list[float | None]) -> str:
    """The line as inline SVG in the colour of the text around it; empty for fewer than two values."""
    drawn = "".join(_piece(piece) for piece in points(values))
    if not drawn:
        return ""
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f'<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round">{drawn}</g></svg>'
    )


def _piece(piece: list[tuple[float, float]]) -> str:
    if len(piece) == 1:
        x, y = piece[0]
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.4" fill="currentColor" stroke="none"/>'
    return f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in piece)}"/>'
