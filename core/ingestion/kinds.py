"""The kinds of sources that come with Sightline. A new one is a folder in `sources` and a line here."""

from __future__ import annotations

from core.ingestion.kind import KINDS, Kind
from core.ingestion.sources.git.reading import read as read_git

BUILT_IN = (Kind(key="git", label="Git repository", read=read_git),)

for kind in BUILT_IN:
    KINDS.add(kind)
