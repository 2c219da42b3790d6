"""How far a reading of a provider is, so that one which is killed goes on where it was and nothing is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.context import Context
from core.ingestion.kind import Order
from core.ingestion.tables import TABLES
from core.ingestion.writing import FactWriter, Written

Row = tuple[str, Mapping[str, Any]]


@dataclass
class Journey:
    """One reading, perhaps begun by a process that died."""

    ctx: Context
    order: Order
    began: datetime
    """The provider's own clock at the beginning: all that happened before is in when the reading ends."""
    parts: list[str] = field(default_factory=list)
    """Parts that are in."""
    place: dict[str, Any] = field(default_factory=dict)
    """Part → how far it is, for one that goes in by and by."""
    counts: Counter[str] = field(default_factory=Counter)
    first_at: datetime | None = None
    last_at: datetime | None = None

    @classmethod
    def gone_on_with(cls, ctx: Context, order: Order, now: datetime) -> Journey:
        """The one that was interrupted, or a new one."""
        left = order.cursor.get("unfinished")
        if not left:
            return cls(ctx, order, now)
        return cls(
            ctx, order, _moment(left["began"]) or now, list(left["parts"]), dict(left["place"]),
            Counter(left["counts"]), _moment(left["first_at"]), _moment(left["last_at"]),
        )  # fmt: skip

    def write(self, fill: Callable[[FactWriter], None], rows: Iterable[Row] = ()) -> Written:
        """Put a batch in. The days that it may touch are written down before, in case nobody comes back from it."""
        with FactWriter(self.ctx, self.order.repo_id, _source(self.order), self.order.version) as writer:
            fill(writer)
            self.keep(_moments(rows))
            written = writer.close()
        self.counts.update(written.counts)
        self._reach(written.first_at, written.last_at)
        return written

    def keep(self, moments: Iterable[datetime] = ()) -> None:
        """Write down how far it is, with the days of what goes in next."""
        days = list(moments)
        first = min([*days, *_known(self.first_at)], default=None)
        last = max([*days, *_known(self.last_at)], default=None)
        self.order.keep(
            {
                **self.order.cursor,
                "unfinished": {
                    "began": self.began.isoformat(), "parts": self.parts, "place": self.place,
                    "counts": dict(self.counts), "first_at": _text(first), "last_at": _text(last),
                },
            }
        )  # fmt: skip

    def ended(self, part: str) -> None:
        """A part is in."""
        self.parts.append(part)
        self.place.pop(part, None)
        self.keep()

    def _reach(self, first: datetime | None, last: datetime | None) -> None:
        self.first_at = min([*_known(self.first_at), *_known(first)], default=None)
        self.last_at = max([*_known(self.last_at), *_known(last)], default=None)


def _source(order: Order) -> str:
    return str(order.account.key)


def _moments(rows: Iterable[Row]) -> Iterable[datetime]:
    for table, row in rows:
        for name in TABLES[table].moments:
            if isinstance(at := row.get(name), datetime):
                yield at


def _known(at: datetime | None) -> list[datetime]:
    return [at] if at else []


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
