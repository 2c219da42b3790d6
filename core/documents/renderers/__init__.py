"""Formats: one file each, one function per figure shape. A renderer only lays out; numbers and words are settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.base.registry import Registry
from core.documents.document import Document


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished file."""

    content: bytes
    media_type: str
    filename_suffix: str
    """With its dot: ".pdf"; ".zip" where CSV became several tables."""


class Renderer(Protocol):
    """Writes documents in one format. Loading it costs nothing; what it needs it loads at work."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def suffix(self) -> str: ...

    def render(self, document: Document) -> Rendered:
        """The whole document as a file; every figure shape and state is shown, none raises."""


BUILT_IN = {
    "html": "core.documents.renderers.html:Html",
    "pdf": "core.documents.renderers.pdf:Pdf",
    "xlsx": "core.documents.renderers.xlsx:Xlsx",
    "csv": "core.documents.renderers.csv:Csv",
    "markdown": "core.documents.renderers.markdown:Markdown",
    "json": "core.documents.renderers.json:Json",
}
"""Each is imported when somebody asks for it."""

RENDERERS: Registry[Renderer] = Registry("format", "sightline.renderers", BUILT_IN)


def render(document: Document, fmt: str) -> Rendered:
    """`document` in the format named `fmt`; NotFound with the nearest name if there is none."""
    return RENDERERS.get(fmt).render(document)
