"""Files that figures bring along: which are pictures, their addresses in a page, and drawings as pictures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

from core.documents import prose
from core.figures import Blob, Prose

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
"""What browsers show. Of these, mail programs and PDF know no SVG, which becomes PNG for them."""

_PLAIN = ("image/png", "image/jpeg", "image/gif")


def find(figure: Prose, blob_id: str) -> Blob | None:
    """The blob of this id."""
    return next((blob for blob in figure.blobs if blob.id == blob_id), None)


def data_uris(figure: Prose) -> prose.Address:
    """Addresses that carry the file themselves."""
    return _each(figure, lambda blob: f"data:{blob.media_type};base64,{b64encode(blob.content).decode()}")


def pictures(figure: Prose, address: Callable[[Blob], str]) -> prose.Address:
    """Addresses of pictures; other files have none."""
    return _each(figure, lambda blob: address(blob) if blob.media_type in PICTURES else "")


def _each(figure: Prose, address: Callable[[Blob], str]) -> prose.Address:
    def found(blob_id: str) -> str:
        blob = find(figure, blob_id)
        return address(blob) if blob else ""

    return found


def raster(blob: Blob) -> bytes | None:
    """The picture as PNG, JPEG or GIF; None if it is no picture that these can hold."""
    if blob.media_type in _PLAIN:
        return blob.content
    if blob.media_type != "image/svg+xml":
        return None
    from core.documents import pictures

    try:
        return pictures.png_of(blob.content.decode("utf-8"))
    except (ValueError, UnicodeDecodeError):  # a drawing that is none is left out where it cannot be shown
        return None


def width(blob: Blob, content: bytes) -> int | None:
    """Width at which a picture is meant to be seen; drawings become pictures of twice their size."""
    known = size(content)
    return None if known is None else known[0] // 2 if blob.media_type == "image/svg+xml" else known[0]


def size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a picture in pixels; None if it is none."""
    from io import BytesIO

    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content)) as picture:
            return picture.width, picture.height
    except (OSError, UnidentifiedImageError, ValueError):
        return None


def media_type(content: bytes) -> str:
    """Media type of a picture by how its file begins."""
    if content.startswith(b"\xff\xd8"):
        return "image/jpeg"
    return "image/gif" if content.startswith(b"GIF8") else "image/png"


def shown(figure: Prose, placed: str) -> list[Blob]:
    """Pictures that a text does not place itself, which stand below it in formats that show pictures."""
    return [blob for blob in figure.blobs if blob.media_type in PICTURES and f"{prose.BLOB}{blob.id}" not in placed]
