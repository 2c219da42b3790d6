"""Files beside a page: a picture for each figure and what figures bring along, by names that any machine can keep."""

from __future__ import annotations

import re
from urllib.parse import quote

from core.documents.document import Document
from core.figures import Blob, Figure

FOLDER = "figures"


class Names:
    """The files of one document's figures."""

    def __init__(self, document: Document) -> None:
        self._stems: dict[str, str] = {}
        for figure in document.figures():
            if figure.key not in self._stems:
                self._stems[figure.key] = self._free(plain(figure.key, "figure"))

    def picture(self, figure: Figure, suffix: str = ".png") -> str:
        """Path of a figure's picture: "figures/load.png"."""
        return f"{FOLDER}/{self._stems[figure.key]}{suffix}"

    def blob(self, figure: Figure, blob: Blob) -> str:
        """Path of a file that a figure brings along: "figures/load/extra.csv"."""
        return f"{FOLDER}/{self._stems[figure.key]}/{plain(blob.id, 'file')}"

    def _free(self, stem: str) -> str:
        taken = {name.lower() for name in self._stems.values()}
        free, number = stem, 2
        while free.lower() in taken:
            free, number = f"{stem}-{number}", number + 1
        return free


def plain(name: str, otherwise: str) -> str:
    """A file name without folders, signs and hidden beginnings."""
    return re.sub(r"[^\w.\-]+", "-", name).strip(".-")[:100] or otherwise


def address(base: str, path: str) -> str:
    """Where a file is served whose folder is served at `base`."""
    return f"{base.rstrip('/')}/{quote(path)}"
