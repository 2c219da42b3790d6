"""What is usual for a number by its own past, and how far from it a value lies."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

MAD_TO_SIGMA = 1.4826
"""A median absolute deviation, times this, is the standard deviation of a normal distribution."""
MEAN_TO_SIGMA = 1.2533
"""The same of a mean absolute deviation, where more than half of the past is one value."""


def robust_z(value: float, past: Sequence[float]) -> tuple[float, float | None]:
    """The median of the past, and how many robust standard deviations `value` lies from it; None without any spread."""
    import numpy as np

    known = np.asarray(past, dtype=float)
    usual = float(np.median(known))
    away = np.abs(known - usual)
    spread = MAD_TO_SIGMA * float(np.median(away)) or MEAN_TO_SIGMA * float(np.mean(away))
    if not spread:
        return usual, None
    score = (value - usual) / spread
    return usual, score if isfinite(score) else None
