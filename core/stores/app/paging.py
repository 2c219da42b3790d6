"""Rows page by page: by number, or by a cursor that stays right while rows come and go."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.base.errors import BadInput

MOST = 200
"""Rows of one page."""
View = TypeVar("View")


@dataclass(frozen=True, slots=True)
class Page(Generic[View]):
    """Some rows, how many there are in all, and where the next begin."""

    items: list[View]
    total: int
    next_cursor: str = ""
    """What to ask with for those that follow; empty at the end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which page is asked for."""

    limit: int = 50
    offset: int = 0
    after: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST:
            raise BadInput(f"A page has 1 to {MOST} rows, not {self.limit}. Ask for fewer and follow the cursor.")
        if not 0 <= self.offset <= 2**31:
            raise BadInput(f"{self.offset} is no place to begin: the offset is 0 or more.")
        if self.after and self.offset:
            raise BadInput("Say either where to begin by number or after which cursor, not both.")


def paged(session: Session, asked: sa.Select[Any], place: Place, moment: Any, key: Any) -> tuple[list[Any], int, str]:
    """The rows of one page, the latest moment first; how many there are in all; where the next begin."""
    total = session.scalar(sa.select(sa.func.count()).select_from(asked.order_by(None).subquery())) or 0
    if place.after:
        at, last = _read(place.after)
        asked = asked.where((moment < at) | ((moment == at) & (key > last)))
    ordered = asked.order_by(moment.desc(), key).offset(place.offset).limit(place.limit + 1)
    rows = list(session.scalars(ordered))
    kept = rows[: place.limit]
    cursor = _written(getattr(kept[-1], moment.key), getattr(kept[-1], key.key)) if len(rows) > len(kept) else ""
    return kept, total, cursor


def _written(at: datetime, key: str) -> str:
    return urlsafe_b64encode(f"{at.isoformat()} {key}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, str]:
    try:
        at, key = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(" ")
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise BadInput("This cursor is none that we gave. Begin again without one.") from error
    if moment.tzinfo is None:
        raise BadInput("This cursor is none that we gave. Begin again without one.")
    return moment, key
