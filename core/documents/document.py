"""A document: finished figures in sections, with what a reader must know about them.

It is frozen to JSON by a run, so that any format can be made later from the same
numbers without asking a store again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from core.documents.choice import ThemeChoice
from core.figures import MOST_COLUMNS, Figure, Notice, Provenance

VERSION = 2
"""Raised when an older reader could no longer understand the JSON."""

DEMO = "Demo data: people, work and numbers are invented."


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Section(_Frozen):
    """A heading, a few words, and figures on the document's grid."""

    title: str = ""
    intro: str = ""
    """Markdown."""
    blocks: list[Figure] = []
    page_break: bool = False
    """Begin on a new page, in formats that have pages."""

    @property
    def drawn(self) -> list[Figure]:
        """Its figures as they stand below its heading: a single one that is called as the section is said so once.

        A number keeps its name, and what leads elsewhere keeps the words that lead there.
        """
        if len(self.blocks) != 1:
            return self.blocks
        only = self.blocks[0]
        same = only.title.strip().casefold() == self.title.strip().casefold() != ""
        return (
            [only.model_copy(update={"title": ""})] if same and not only.link and only.shape != "stat" else self.blocks
        )


class Document(_Frozen):
    """What a run keeps and a renderer writes."""

    version: int = Field(VERSION, ge=1, le=VERSION)
    title: str
    subtitle: str = ""
    workspace: str = ""
    is_demo: bool = False
    period_label: str = ""
    comparison_label: str = ""
    time_zone: str = "UTC"
    audience: str = ""
    """Who it was made for: "Managers", "Platform team"."""
    filters: list[str] = []
    """What it was narrowed to: "Team: Platform", "Repository: api"."""
    author: str = ""
    """Whose rights decided what it shows."""
    generated_at: datetime
    watermark: datetime | None = None
    """Facts are complete up to here."""
    columns: int = Field(6, ge=1, le=MOST_COLUMNS)
    """Of the grid that figures stand on."""
    theme: ThemeChoice | None = None
    """None is the house's own look."""
    sections: list[Section] = []
    notices: list[Notice] = []
    provenance: list[Provenance] = []
    """Of the document as a whole; a figure carries its own."""

    def frozen(self) -> str:
        """This document as JSON; `thawed` gives it back."""
        return self.model_dump_json()

    @classmethod
    def thawed(cls, text: str | bytes) -> Document:
        """The document that `frozen` wrote."""
        return cls.model_validate_json(text)

    def figures(self) -> Iterator[Figure]:
        """Every figure, in reading order."""
        for section in self.sections:
            yield from section.blocks

    def origins(self) -> list[Provenance]:
        """The provenance of every block, each named after its block, then of the document."""
        named = [
            record.model_copy(update={"block": figure.title or record.block or figure.key})
            for figure in self.figures()
            for record in figure.provenance
        ]
        return [*named, *self.provenance]

    def sources(self) -> list[Provenance]:
        """The provenance as a reader needs it: each question once, with all the blocks that show its answer."""
        asked: dict[tuple[object, ...], list[Provenance]] = {}
        for record in self.origins():
            what = record.query_hash or (record.block, *record.grounds)
            asked.setdefault((what, record.watermark), []).append(record)
        return [_together(same) for same in asked.values()]

    def local(self, moment: datetime) -> datetime:
        """`moment` on the clock of the document's time zone."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(ZoneInfo(self.time_zone))

    def file_stem(self) -> str:
        """A file name without its ending: title and period, in plain letters."""
        return file_stem(f"{self.title} {self.period_label}", is_demo=self.is_demo)


def file_stem(said: str, *, is_demo: bool = False) -> str:
    """Words as a file name without its ending."""
    plain = unicodedata.normalize("NFKD", said).replace("–", " to ")
    words = re.sub(r"[^\w]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-_").lower()
    return ("demo-" if is_demo else "") + (words[:100].rstrip("-") or "document")


def _together(same: list[Provenance]) -> Provenance:
    """One question for all the blocks that show a part of its answer."""
    told = {
        name: list(dict.fromkeys(one for record in same for one in getattr(record, name)))
        for name in ("metrics", "definitions", "facts")
    }
    blocks = ", ".join(dict.fromkeys(record.block for record in same))
    return same[0].model_copy(update={**told, "block": blocks, "rows": max(record.rows for record in same)})
