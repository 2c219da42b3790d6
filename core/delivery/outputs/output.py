"""What an output is: settings in, a finished report taken to where it belongs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from secrets import token_hex
from threading import Lock
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from core.base.errors import did_you_mean
from core.documents import RENDERERS, Document, Rendered, render

PNG = "png"
"""The whole report as one picture, which is no format of documents: nothing can be read back out of it."""

ALIASES = {"md": "markdown", "excel": "xlsx"}

PERHAPS = "The worker stopped while it was being sent, so it may have arrived. Look there before you send it again."
"""Why what a killed worker was sending is not sent again by itself."""


def _several(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


def _format(name: str) -> str:
    name = ALIASES.get(name, name)
    known = [*RENDERERS.keys(), PNG]
    if name not in known:
        raise ValueError(f"there is no format named '{name}'.{did_you_mean(name, known)}")
    return name


def web_address(text: str) -> str:
    """An address of the web, or nothing."""
    if text and not text.startswith(("http://", "https://")):
        raise ValueError(f"'{text}' is no web address. Write https://host/path.")
    return text


Format = Annotated[str, AfterValidator(_format)]
Formats = Annotated[list[Format], BeforeValidator(_several)]
WebAddress = Annotated[str, AfterValidator(web_address)]


def test_name() -> str:
    """The name of a file that says what it is to whoever finds it, and that no report has."""
    return f"sightline-test-{token_hex(4)}.txt"


class OutputArgs(BaseModel):
    """`args` of an output in a report file. Secrets are SecretStr."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    formats: Formats = Field([], description="Files to make as well: html, pdf, xlsx, csv, markdown, json, png.")


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
    shared: bool = False
    """Whether an output shows pictures that another one has put where they are served."""
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

    @property
    def subject(self) -> str:
        """What stands above a message: title and period."""
        return ": ".join(part for part in (self.document.title, self.document.period_label) if part)

    def filled(self, text: str) -> str:
        """`text` with this report's own names in it: {id}, {title_slug}, {start_date}, {end_date}."""
        names = {"id": self.report_id, "title_slug": self.slug, "start_date": self.start, "end_date": self.end}
        for name, value in names.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def render(self, fmt: str) -> Rendered:
        """The report as a file; NotFound if there is no such format."""
        with self._lock:
            if fmt not in self._rendered:
                self._rendered[fmt] = _picture(self.document) if fmt == PNG else render(self.document, fmt)
            return self._rendered[fmt]


def _picture(document: Document) -> Rendered:
    from core.documents.renderers.png import Png

    return Png().render(document)


class Output:
    """A kind of output; an instance is one of them in one report."""

    key: ClassVar[str]
    label: ClassVar[str]
    about: ClassVar[str] = ""
    """One sentence for galleries and docs."""
    Args: ClassVar[type[OutputArgs]] = OutputArgs
    serves: ClassVar[bool] = False
    """Whether it puts files where other outputs may point to; these are sent first, and may be sent twice unharmed."""
    connects: ClassVar[bool] = True
    """Whether it can be registered in the app as a connection."""
    login: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Of each of these groups of arguments a connection needs one: the app lends nobody the machine's own logins."""
    to: ClassVar[str] = ""
    """The argument that names who gets it; empty for a place that files are put into."""
    of_report: ClassVar[frozenset[str]] = frozenset({"formats"})
    """Arguments that a report says for itself where a connection brings the others."""
    below: ClassVar[frozenset[str]] = frozenset()
    """Those of them that are places below the connection's own."""

    def __init__(self, name: str, args: Any) -> None:
        self.name = name
        """Id under which the report declares it."""
        self.args = args

    @classmethod
    def foreseen(cls) -> None:
        """Import what sending takes; called while a report's datasources are waited for."""

    def send(self, parcel: Parcel) -> str:
        """Take it there, and return one sentence of where it is now; DeliveryFailed if it did not arrive."""
        raise NotImplementedError

    def probe(self, parcel: Parcel) -> str:
        """Take a test there, and return one sentence of what became of it; DeliveryFailed if it did not arrive.

        A kind that puts files into a place writes one, named as a test, and removes it again.
        """
        return self.send(parcel)

    def check(self) -> str:
        """Return one sentence of what was reached, with nothing sent or written; empty for a kind that has no test.

        Arguments of `of_report` may be missing. DeliveryFailed if it cannot be reached.
        """
        return ""
