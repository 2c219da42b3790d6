"""What stands together on a page of paper: a heading and what it is the heading of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reportlab.platypus import ActionFlowable, KeepTogether, LongTable, PageBreak

ROWS = 3
"""Of a table that goes on on the next page, so many at least stand below its heading."""


def with_next(drawn: Iterable[Any]) -> list[Any]:
    """Flowables none of which stands last on a page: what they are about follows them."""
    kept = list(drawn)
    for each in kept:
        each.keepWithNext = 1
    return kept


def together(drawn: Iterable[Any]) -> list[Any]:
    """Flowables that stand on one page."""
    kept = list(drawn)
    return [*with_next(kept[:-1]), *kept[-1:]]


def gathered(story: Sequence[Any]) -> list[Any]:
    """What stands first in a story and the next that it stands with, lists too, which reportlab would leave alone."""
    count = next((place for place, each in enumerate(story) if not each.getKeepWithNext()), len(story))
    for each in story[:count]:
        each.keepWithNext = 0
    follows = count and count < len(story) and not isinstance(story[count], (ActionFlowable, PageBreak))
    return list(story[: count + bool(follows)])


class Kept(KeepTogether):  # type: ignore[misc]
    """A heading with what follows it. A long table does not move to a page of its own for that and leave this one half
    empty: it begins here, if there is room for its first rows."""

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803 - reportlab's names
        """Measure what has to stand here; of a table not more rows than there may be room for."""
        *above, last = self._content
        if not above or not isinstance(last, LongTable):
            return super().wrap(availWidth, availHeight)  # type: ignore[no-any-return]
        heading = KeepTogether(above)
        heading.canv = self.canv
        wide, huge = heading.wrap(availWidth, availHeight)
        room = availHeight - heading._H - max(above[-1].getSpaceAfter(), last.getSpaceBefore())
        last.wrapOn(self.canv, availWidth, room)
        begun = [high for high in last._rowHeights[: ROWS + 1] if high is not None]
        fits = last._height <= room or (len(begun) == ROWS + 1 < len(last._rowHeights) and sum(begun) <= room)
        self._H, self._H0 = (availHeight if fits else huge), heading._H0
        self._wrapInfo = availWidth, availHeight
        return wide, huge
