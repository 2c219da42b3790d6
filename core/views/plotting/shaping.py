"""Lines made ready for their mark: on common places for bars and stacks, with gaps where a group lacks a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.views.plotting import thinning
from core.views.plotting.strands import Strand

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Shaped:
    """Lines, and what was done to them."""

    strands: list[Strand]
    thinned: bool = False
    added: bool = False
    """Whether several values of one place were added up."""
    filled: bool = False
    """Whether a value that is missing counts as zero in a stack."""


def scattered(strands: Sequence[Strand]) -> Shaped:
    """Points; of those that lie on each other one."""
    import numpy as np

    real = [one.rows(~np.isnan(one.ys)) for one in strands]
    if all(len(one.at) <= thinning.most(len(real)) for one in real):
        return Shaped(real)
    return Shaped([one.rows(thinning.apart(one.at, one.ys, len(real))) for one in real], thinned=True)


def free(strands: Sequence[Strand], grouped: bool) -> Shaped:
    """Lines that each keep their own x; a gap where a group lacks an x that most groups have."""
    import numpy as np

    lines = len(strands)
    if any(len(one.at) > thinning.most(lines) for one in strands):
        return Shaped([one.rows(thinning.telling(one.at, one.ys, lines)) for one in strands], thinned=True)
    union = _union(strands)
    shared = grouped and lines > 1 and max(len(np.unique(one.at)) for one in strands) * 2 > len(union)
    return Shaped([_with_gaps(one, union) for one in strands] if shared else list(strands))


def _with_gaps(strand: Strand, union: Numbers) -> Strand:
    import numpy as np

    missing = np.setdiff1d(union, strand.at)
    if not missing.size:
        return strand
    at = np.concatenate([strand.at, missing])
    ys = np.concatenate([strand.ys, np.full(missing.size, np.nan)])
    order = np.argsort(at, kind="stable")
    return Strand(strand.name, at[order], ys[order])


def common(strands: Sequence[Strand], stacked_line: bool) -> Shaped:
    """Lines on the same places, as bars and stacks need them: a group without a row there counts as zero."""
    import numpy as np

    every = _union(strands)
    choose = thinning.telling if stacked_line else thinning.longest
    union = every[choose(every, _totals(strands, every), len(strands))]
    made = [_on(one, union) for one in strands]
    ys = [values for values, _ in made]
    filled = stacked_line and any(bool(np.isnan(values).any()) for values in ys)
    if filled:
        ys = [np.nan_to_num(values) for values in ys]
    placed = [Strand(one.name, union, values) for one, values in zip(strands, ys, strict=True)]
    return Shaped(placed, len(union) < len(every), any(added for _, added in made), filled)


def _union(strands: Sequence[Strand]) -> Numbers:
    """Every x of the lines once, in order."""
    import numpy as np

    first = strands[0].at
    every = first if all(one.at is first for one in strands) else np.sort(np.concatenate([one.at for one in strands]))
    once: Numbers = every[np.diff(every, prepend=every[0] - 1) != 0]
    return once


def _totals(strands: Sequence[Strand], union: Numbers) -> Numbers:
    import numpy as np

    at = np.concatenate([one.at for one in strands])
    ys = np.nan_to_num(np.concatenate([one.ys for one in strands]))
    return np.bincount(np.searchsorted(union, at), weights=ys, minlength=len(union))


def _on(strand: Strand, union: Numbers) -> tuple[Numbers, bool]:
    """The line's values at these places, those of one place added up; zero where it has no row, NaN where no value."""
    import numpy as np

    place = np.searchsorted(union, strand.at)
    here = place < len(union)
    here[here] = union[place[here]] == strand.at[here]
    place, ys = place[here], strand.ys[here]
    rows = np.bincount(place, minlength=len(union))
    known = ~np.isnan(ys)
    values = np.bincount(place[known], weights=ys[known], minlength=len(union))
    valued = np.bincount(place[known], minlength=len(union))
    return np.where((rows > 0) & (valued == 0), np.nan, values), bool((rows > 1).any())
