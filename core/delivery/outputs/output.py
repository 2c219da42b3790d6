"""What an output is: settings in, a finished report taken to where it belongs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from core.documents import Document, Rendered, render


class OutputArgs(BaseModel):
    """`args` of an output in a report file. Secrets are SecretStr."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    formats: list[str] = Field([], description="Files to make: html, pdf, xlsx, csv, markdown, json, png.")


@dataclass
class Parcel:
    """A finished report on its way out. Each format is rendered once, however many outputs want it."""

    document: Document
    start: date
    """First day of the report."""
    end: date
    """First day after it."""
    theme_dir: str = ""
    """Folder of templates that replace ours of the same name."""
    _rendered: dict[str, Rendered] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def slug(self) -> str:
        """The title in plain letters: "top-of-funnel-report"."""
        plain = unicodedata.normalize("NFKD", self.document.title)
        words = re.sub(r"[^\w]+", "-", "".join(c for c in plain if not unicodedata.combining(c)))
        return words.strip("-_").lower()[:100] or "report"

    @property
    def report_id(self) -> str:
        """ "2026-03-02_2026-03-09_top-of-funnel-report"."""
        return f"{self.start:%Y-%m-%d}_{self.end:%Y-%m-%d}_{self.slug}"

    def render(self, fmt: str) -> Rendered:
        """The report as a file; NotFound if there is no such format."""
        with self._lock:
            if fmt not in self._rendered:
                self._rendered[fmt] = render(self.document, fmt)
            return self._rendered[fmt]


class Output:
    """A kind of output; an instance is one of them in one report."""

    key: ClassVar[str]
    label: ClassVar[str]
    Args: ClassVar[type[OutputArgs]] = OutputArgs

    def __init__(self, name: str, args: Any) -> None:
        self.name = name
        """Id under which the report declares it."""
        self.args = args

    def send(self, parcel: Parcel) -> str:
        """Take it there, and return one sentence of where it is now; DeliveryFailed if it did not arrive."""
        raise NotImplementedError
