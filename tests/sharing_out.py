"""How the files of tests are shared out among processes: the dearest first, so that all end at about the same time.

xdist by itself begins with the files that hold most tests. Those are the cheap ones, and whoever gets
the last file then works alone for minutes.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/browser/",)
"""Folders whose files one process runs: what they share takes longer to start than a file of them takes."""
DEAREST = (
    "tests/browser/",
    "tests/catalogue/test_together.py",
    "tests/privacy/test_every_door.py",
    "tests/snapshots/test_snapshots.py",
    "tests/ingestion/test_github.py",
    "tests/ingestion/test_gitlab.py",
    "tests/demo/",
    "tests/catalogue/test_properties.py",
    "tests/reports/test_pages.py",
    "tests/privacy/",
    "tests/reports/code/test_hostile.py",
    "tests/ingestion/",
    "tests/gharchive/",
    "tests/alerts/",
    "tests/parts/",
    "tests/boards/",
    "tests/catalogue/",
    "tests/components/",
    "tests/jobs/",
)
"""What takes longest, in that order; measured with `--durations`. Whatever is not named comes after it."""


class Sharing(LoadFileScheduling):
    """One file after the other, in the order of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)


def dearness(item: pytest.Item) -> int:
    """The place of this test's file in the order."""
    places = (place for place, path in enumerate(DEAREST) if item.nodeid.startswith(path))
    return next(places, len(DEAREST))
