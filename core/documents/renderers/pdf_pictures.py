"""Pictures in PDF: charts as vectors, and the pictures that figures bring along."""

from __future__ import annotations

import io
from typing import Any

from core.documents import blobs, pictures, prose
from core.documents.renderers import pdf_fonts
from core.documents.renderers.pdf_style import HEIGHT
from core.figures import Blob, Prose

POINT = 0.75
"""Points of paper in a pixel of a picture."""

TALLEST = HEIGHT - 90


def vectors(svg: str, width: float) -> Any:
    """SVG as vectors, made to fit the width and a page."""
    from svglib.svglib import svg2rlg

    pdf_fonts.registered()
    drawing = svg2rlg(io.BytesIO(pictures.for_print(svg)))
    if not svg.isascii():
        _lettered(drawing)
    factor = min(width / drawing.width, TALLEST / drawing.height)
    drawing.scale(factor, factor)
    drawing.width, drawing.height = drawing.width * factor, drawing.height * factor
    return drawing


def _lettered(group: Any) -> None:
    """Write each word of a drawing in fonts that have its letters."""
    from reportlab.graphics.shapes import Group, String

    for place, shape in enumerate(group.contents):
        if isinstance(shape, Group):
            _lettered(shape)
        elif isinstance(shape, String) and not shape.text.isascii():
            group.contents[place] = _in_fonts(shape)


def _in_fonts(words: Any) -> Any:
    from reportlab.graphics.shapes import Group
    from reportlab.pdfbase.pdfmetrics import stringWidth

    runs = pdf_fonts.runs(words.text, words.fontName)
    wide = [stringWidth(text, font, words.fontSize) for font, text in runs]
    at = words.x - {"middle": sum(wide) / 2, "end": sum(wide)}.get(words.textAnchor, 0)
    parts = []
    for (font, text), across in zip(runs, wide, strict=True):
        part = words.copy()
        part.x, part.text, part.fontName, part.textAnchor = at, text, font, "start"
        parts.append(part)
        at += across
    return Group(*parts)


def picture(blob: Blob, width: float) -> Any | None:
    """A blob as a picture, at most as wide as the room; None if it cannot be shown."""
    from reportlab.platypus import Image

    content = blobs.raster(blob)
    size = blobs.size(content) if content else None
    if content is None or size is None:
        return None
    across, down = size
    sharp = 2 if blob.media_type == "image/svg+xml" else 1
    factor = min(POINT / sharp, width / across, TALLEST / down)
    return Image(io.BytesIO(content), across * factor, down * factor, hAlign="LEFT")


def placed(text: Prose, address: str, width: float) -> Any | None:
    """The picture that a text names as "blob:ID"."""
    blob = blobs.find(text, address.removeprefix(prose.BLOB)) if address.startswith(prose.BLOB) else None
    return picture(blob, width) if blob else None
