"""The files that a report becomes where files are kept: a page and its pictures, or one picture, and more formats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from core.datasources.hints import Hint
from core.delivery.outputs.output import Output, OutputArgs, Parcel
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
    pictures: bool = Field(
        False,
        description="Keep each chart and table as PNG too. They are kept anyway where another output shows them.",
    )


class Keeping(Output):
    """An output that keeps files."""

    @classmethod
    def foreseen(cls) -> None:
        from core.documents import templating
        from core.documents.renderers import html  # noqa: F401

        templating.environment()


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


def packed(parcel: Parcel, args: BundleArgs) -> Bundle:
    """The report as files."""
    folder = args.output_format == "html"
    files = _paged(parcel, painted=args.pictures or parcel.shared) if folder else [_rendered(parcel, "png", "")]
    rest = [fmt for fmt in dict.fromkeys(args.formats) if fmt != args.output_format]
    files += [_rendered(parcel, fmt, parcel.slug if folder else "") for fmt in rest]
    return Bundle(folder, parcel.report_id, f"latest-{parcel.slug}", tuple(files))


def _paged(parcel: Parcel, *, painted: bool) -> list[File]:
    """The page and what lies beside it: its charts as drawings, and as pictures for those who show them elsewhere."""
    made = parcel.render("html")
    page = File("index.html", made.media_type, made.content)
    return [page, *_drawings(parcel), *_blobs(parcel), *(_pictures(parcel) if painted else ())]


def _rendered(parcel: Parcel, fmt: str, stem: str) -> File:
    made = parcel.render(fmt)
    return File(f"{stem}{made.filename_suffix}", made.media_type, made.content)


def _drawings(parcel: Parcel) -> Iterator[File]:
    names, theme = Names(parcel.document), look(parcel.document.theme).main
    for figure, width in _charts(parcel):
        from core.documents import charts  # with all that draws, which a report without charts does not need

        drawing = charts.grounded(charts.svg(figure, theme, width), theme)
        yield File(names.picture(figure, ".svg"), "image/svg+xml", drawing.encode())


def _blobs(parcel: Parcel) -> Iterator[File]:
    names = Names(parcel.document)
    for figure in parcel.document.figures():
        for blob in figure.blobs if isinstance(figure, Prose) else ():
            yield File(names.blob(figure, blob), blob.media_type, blob.content)


def _pictures(parcel: Parcel) -> Iterator[File]:
    names, theme, mailed = Names(parcel.document), look(parcel.document.theme).main, _mailed(parcel)
    for chart, page_width in _charts(parcel):
        from core.documents import charts

        width, sharp = mailed.get(chart.key, (page_width, SHARP))
        yield File(names.picture(chart), "image/png", charts.png(chart, theme, width, sharp=sharp))
    for figure in parcel.document.figures():
        if isinstance(figure, Table) and figure.rows:
            yield File(names.picture(figure), "image/png", picture(figure, theme))


def _mailed(parcel: Parcel) -> dict[str, tuple[int, float]]:
    """Width and sharpness of charts that mails and chats show, where words would be too small in those of the page."""
    if not parcel.shared:
        return {}
    from core.documents.renderers import email

    return {key: (width, email.SHARP) for key, width in email.chart_widths(parcel.document).items()}


def _charts(parcel: Parcel) -> Iterator[tuple[Series, int]]:
    """Every chart that shows something, with its width on the page."""
    for figure in parcel.document.figures():
        if isinstance(figure, Series) and wording.has_values(figure):
            yield figure, chart_width(parcel.document, figure)


def picture(figure: Figure, theme: Theme) -> bytes:
    """A figure that is no chart as a picture."""
    from core.documents.renderers.png import of_figure

    return of_figure(figure, theme, TABLE_ROWS)
