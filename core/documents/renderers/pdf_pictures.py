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
    factor = min(width / drawing.width, TALLEST / drawing.height)
    drawing.scale(factor, factor)
    drawing.width, drawing.height = drawing.width * factor, drawing.height * factor
    return drawing


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
