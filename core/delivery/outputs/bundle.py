"""The files that a report becomes where files are kept: a page and its pictures, or one picture, and more formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from core.datasources.hints import Hint
from core.delivery.outputs.output import OutputArgs, Parcel
from core.documents import wording
from core.documents.renderers.html import chart_width
from core.documents.sidefiles import Names
from core.documents.theme import Theme
from core.documents.themes import look
from core.figures import Figure, Prose, Series, Table

SHARP = 2.0
"""Pixels in a picture for one of its drawing."""
TABLE_ROWS = 20
"""Rows of a table that a picture in a chat shows."""


_FORM = Hint("Form", {"html": "A page with its pictures", "png": "One picture"})


class BundleArgs(OutputArgs):
    """What every output that keeps files understands."""

    output_format: Annotated[Literal["html", "png"], _FORM] = Field(
        "html", description="html: a folder with a page and its pictures; png: the whole report as one picture."
    )


@dataclass(frozen=True, slots=True)
class File:
    """One file, named from where the report is kept."""

    path: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """All files of a report."""

    folder: bool
    """Whether they lie in a folder named after the report; else they themselves bear its name."""
    report: str
    latest: str
    """What the newest report of this title is called as well."""
    files: tuple[File, ...]

    def named(self, name: str) -> Iterator[tuple[str, File]]:
        """(path, file) as they are kept under one of the two names; what points to the others comes last."""
        for file in sorted(self.files, key=lambda one: one.path == "index.html"):
            yield (f"{name}/{file.path}" if self.folder else f"{name}{file.path}"), file


def packed(parcel: Parcel, output_format: str, formats: Iterable[str]) -> Bundle:
    """The report as files."""
    folder = output_format == "html"
    files = _paged(parcel) if folder else [_rendered(parcel, "png", "")]
    rest = [fmt for fmt in dict.fromkeys(formats) if fmt != output_format]
    files += [_rendered(parcel, fmt, parcel.slug if folder else "") for fmt in rest]
    return Bundle(folder, parcel.report_id, f"latest-{parcel.slug}", tuple(files))


def _paged(parcel: Parcel) -> list[File]:
    """The page and what lies beside it. Charts become pictures outside of Python, so the page is written meanwhile."""
    with ThreadPoolExecutor(1, thread_name_prefix="pictures") as pool:
        beside = list(_side(parcel, pool))
        made = parcel.render("html")
        side = [one.result() if isinstance(one, Future) else one for one in beside]
    return [File("index.html", made.media_type, made.content), *side]


def _rendered(parcel: Parcel, fmt: str, stem: str) -> File:
    made = parcel.render(fmt)
    return File(f"{stem}{made.filename_suffix}", made.media_type, made.content)


def _side(parcel: Parcel, pool: ThreadPoolExecutor) -> Iterator[File | Future[File]]:
    names, theme = Names(parcel.document), look(parcel.document.theme).main
    mailed = _mailed(parcel)
    for figure in parcel.document.figures():
        match figure:
            case Series() if wording.has_values(figure):
                from core.documents import charts  # with all that draws, which a report without charts does not need

                width = chart_width(parcel.document, figure)
                drawing = charts.grounded(charts.svg(figure, theme, width), theme)
                yield File(names.picture(figure, ".svg"), "image/svg+xml", drawing.encode())
                width, sharp = mailed.get(figure.key, (width, SHARP))
                yield pool.submit(_picture, names.picture(figure), figure, theme, width, sharp)
            case Prose():
                for blob in figure.blobs:
                    yield File(names.blob(figure, blob), blob.media_type, blob.content)
            case Table() if parcel.shared and figure.rows:
                yield File(names.picture(figure), "image/png", picture(figure, theme))


def _mailed(parcel: Parcel) -> dict[str, tuple[int, float]]:
    """Width and sharpness of charts that mails and chats show, where words would be too small in those of the page."""
    if not parcel.shared:
        return {}
    from core.documents.renderers import email

    return {key: (width, email.SHARP) for key, width in email.chart_widths(parcel.document).items()}


def _picture(path: str, figure: Series, theme: Theme, width: float, sharp: float) -> File:
    from core.documents import charts

    return File(path, "image/png", charts.png(figure, theme, width, sharp=sharp))


def picture(figure: Figure, theme: Theme) -> bytes:
    """A figure that is no chart as a picture."""
    from core.documents.renderers.png import of_figure

    return of_figure(figure, theme, TABLE_ROWS)
