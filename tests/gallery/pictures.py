"""Pictures of one document in every format that is looked at, side by side."""

from __future__ import annotations

import io
from base64 import b64encode
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops

from core.documents import Document, render
from core.documents.renderers import email

WIDE, TALLEST = 380, 390
EDGE = 12


class Camera:
    """A browser that photographs pages."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser

    def page(self, html: str, scheme: str, width: int) -> Image.Image:
        """A page as it is seen, from its first line of content on."""
        tab = self.browser.new_page(viewport={"width": width, "height": 600}, color_scheme=scheme)
        try:
            tab.set_content(html)
            return Image.open(io.BytesIO(tab.screenshot(full_page=True))).convert("RGB")
        finally:
            tab.close()


def side_by_side(document: Document, camera: Camera) -> Image.Image:
    """Page light, page dark, mail and paper."""
    page = render(document, "html").content.decode()
    mail = email.render(document)
    body = mail.html
    for cid, content in mail.images.items():
        body = body.replace(f"cid:{cid}", f"data:image/png;base64,{b64encode(content).decode()}")
    return _beside([
        camera.page(page, "light", 900),
        camera.page(page, "dark", 900),
        camera.page(body, "light", 640),
        _paper(render(document, "pdf").content),
    ])  # fmt: skip


def kept(picture: Image.Image, path: Path) -> None:
    """The picture as a small file: shades that nobody tells apart become one."""
    Image.eval(picture, lambda shade: min(255, (shade + 4) // 8 * 8)).save(path, optimize=True)


def _paper(content: bytes) -> Image.Image:
    paper = pypdfium2.PdfDocument(content)
    try:
        return paper[0].render(scale=1.4).to_pil().convert("RGB")
    finally:
        paper.close()


def _trimmed(picture: Image.Image) -> Image.Image:
    """Without the empty end of a page."""
    ground = Image.new("RGB", picture.size, picture.getpixel((2, picture.height - 3)))
    box = ImageChops.difference(picture, ground).getbbox()
    end = min(picture.height, (box[3] if box else 0) + 24)
    return picture.crop((0, 0, picture.width, end))


def _beside(found: list[Image.Image]) -> Image.Image:
    found = [_trimmed(one) for one in found]
    shrunk = [
        one.resize((WIDE, max(1, round(one.height * WIDE / one.width))), Image.Resampling.LANCZOS) for one in found
    ]
    height = min(TALLEST, max(one.height for one in shrunk))
    whole = Image.new("RGB", ((WIDE + EDGE) * len(shrunk) + EDGE, height + 2 * EDGE), "#8a94a3")
    for place, one in enumerate(shrunk):
        whole.paste(one.crop((0, 0, WIDE, min(height, one.height))), (EDGE + place * (WIDE + EDGE), EDGE))
    return whole
