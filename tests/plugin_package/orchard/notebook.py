"""An output that writes a line a report into a book."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from core.delivery.outputs.output import Output, OutputArgs, Parcel


class NotebookArgs(OutputArgs):
    book: str = Field(min_length=1, description="File to write into.")


class Notebook(Output):
    key = "orchard.notebook"
    label = "Notebook"
    about = "A line a report in a text file."
    Args = NotebookArgs

    def send(self, parcel: Parcel) -> str:
        book = Path(self.args.book)
        with book.open("a", encoding="utf-8") as lines:
            lines.write(f"{parcel.report_id}: {len(list(parcel.document.figures()))} figures\n")
        return f"Noted in {book.name}"
