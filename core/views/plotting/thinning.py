"""A million points to a few thousand of the same picture: of each stretch the first, lowest, highest and last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

STRETCHES = 1000
"""More than any chart has columns of pixels that a reader could tell apart."""


def most(lines: int) -> int:
    """Points that a line keeps at most."""
    return 4 * _stretches(lines)


def _stretches(lines: int) -> int:
    return max(100, min(STRETCHES, 4 * STRETCHES // max(1, lines)))


def telling(at: Numbers, ys: Numbers, lines: int = 1) -> Numbers:
    """Which of the points, ordered by x, are kept: their numbers, in order."""
    import numpy as np

    if len(at) <= most(lines):
        return np.arange(len(at))
    stretch = _shares(at, _stretches(lines))
    real = np.flatnonzero(~np.isnan(ys))
    kept = [_ends(stretch), *(real[place] for place in _lowest_and_highest(stretch[real], ys[real]))]
    return np.unique(np.concatenate(kept))


def _lowest_and_highest(stretch: Numbers, ys: Numbers) -> list[Numbers]:
    """Where in each run of equal stretches, which are ordered, the lowest and the highest values are."""
    import numpy as np

    if not ys.size:
        return []
    firsts = np.flatnonzero(np.diff(stretch, prepend=stretch[0] - 1))
    sizes = np.diff(np.append(firsts, ys.size))
    found = []
    for least in (np.minimum, np.maximum):
        is_least = np.flatnonzero(ys == np.repeat(least.reduceat(ys, firsts), sizes))
        found.append(is_least[np.searchsorted(is_least, firsts)])
    return found


def longest(at: Numbers, sizes: Numbers, lines: int = 1) -> Numbers:
    """Which of many bars are kept: the longest of each stretch."""
    import numpy as np

    if len(at) <= _stretches(lines):
        return np.arange(len(at))
    stretch = _shares(at, _stretches(lines))
    order = np.lexsort((np.abs(sizes), stretch))
    ends = np.append(np.flatnonzero(np.diff(stretch)), len(stretch) - 1)
    return np.sort(order[ends])


def apart(at: Numbers, ys: Numbers, lines: int = 1) -> Numbers:
    """Which of many points are kept: one in each cell of a grid as fine as may be, and the extremes of each column."""
    import numpy as np

    for columns in (400, 280, 200, 160, 130, 100):
        column = _shares(at, columns)
        cells = column * columns + _shares(ys, columns // 4)
        if np.count_nonzero(np.bincount(cells)) <= most(lines):
            break
    mixed = np.random.default_rng(0).permutation(len(at))  # else the first of each cell would show the grid
    _, kept = np.unique(cells[mixed], return_index=True)
    order = np.lexsort((ys, column))
    return np.unique(np.concatenate([mixed[kept], order[_ends(column[order])]]))


def _shares(values: Numbers, count: int) -> Numbers:
    """In which of `count` equal parts of the whole each value lies."""
    import numpy as np

    low = values.min()
    span = float(values.max()) - float(low)
    if not span:
        return np.zeros(len(values), "int64")
    parts: Numbers = np.minimum((values - low) * (count / span), count - 1).astype("int64")
    return parts


def _ends(stretch: Numbers) -> Numbers:
    """Where each run of equal numbers begins and ends."""
    import numpy as np

    firsts = np.flatnonzero(np.diff(stretch, prepend=stretch[0] - 1))
    return np.concatenate([firsts, np.append(firsts[1:], len(stretch)) - 1])
