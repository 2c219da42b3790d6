"""Files that no row speaks of: kept by a worker that was killed before it could say so, and not made again since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import InstrumentedAttribute

from core.context import Rooms
from core.delivery.models import Delivery
from core.exports.models import ExportJob

log = structlog.get_logger(__name__)

SETTLED = timedelta(days=1)
"""Whoever keeps a file writes its row long before."""
OWNERS: dict[str, InstrumentedAttribute[str]] = {"exports": ExportJob.file_path, "letters": Delivery.letter_key}
"""Folder of the file store to the column that names what is in it."""
AT_ONCE = 500


def sweep(rooms: Rooms) -> int:
    """Remove files that have no row, and pieces of files that were never finished; how many."""
    before = rooms.clock() - SETTLED
    found = rooms.files.tidy(before)
    for folder, column in OWNERS.items():
        keys = rooms.files.old(folder, before)
        while some := list(islice(keys, AT_ONCE)):
            found += _removed(rooms, column, some)
    if found:
        log.warning("orphans_removed", files=found)
    return found


def _removed(rooms: Rooms, column: InstrumentedAttribute[str], keys: Sequence[str]) -> int:
    with rooms.app.reading() as session:
        owned = set(session.scalars(sa.select(column).where(column.in_(keys))))
    orphans = [key for key in keys if key not in owned]
    for key in orphans:
        rooms.files.delete(key)
    return len(orphans)
