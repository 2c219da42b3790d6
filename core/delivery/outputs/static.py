"""Files in a folder."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from core.delivery.outputs.output import Output, OutputArgs, Parcel


class StaticArgs(OutputArgs):
    output_dir: str = Field("./_build", description="Folder to write to.")


class Static(Output):
    key = "static"
    label = "Files in a folder"
    Args = StaticArgs

    def send(self, parcel: Parcel) -> str:
        folder = Path(self.args.output_dir) / parcel.report_id
        folder.mkdir(parents=True, exist_ok=True)
        page = folder / "index.html"
        page.write_bytes(parcel.render("html").content)
        return f"Wrote {page}"
