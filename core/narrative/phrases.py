"""The house's English about numbers: lists, moves, and which way is which."""

from __future__ import annotations

from collections.abc import Sequence

from core.narrative.facts import Measure, Number
from core.units import Unit

MOST_NAMES = 5
"""A sentence with more of them is a table."""
VERDICTS = {True: ", which is better", False: ", which is worse", None: ""}


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def several(names: Sequence[str]) -> str:
    """The same of many: "a, b, c, d and 3 more"."""
    more = len(names) - MOST_NAMES
    return listed([*names[:MOST_NAMES], f"{more} more"]) if more > 1 else listed(names)


def whose(metric: str, subject: str) -> str:
    """ "Commits", "Commits of Atlas"."""
    return f"{metric} of {subject}" if subject else metric


def named(measure: Measure) -> str:
    return whose(measure.metric, measure.subject)


def size(change: Number) -> str:
    """How much it moved, without its sign: the verb has the direction."""
    return change.text.lstrip("+−-").strip()


def moved(measure: Measure) -> str:
    """ "Commits rose by 12 % to 18, from 16"."""
    assert measure.now
    assert measure.change
    verb = "rose" if measure.change.value > 0 else "fell"
    start = f", from {measure.before.text}" if measure.before else ""
    return f"{named(measure)} {verb} by {size(measure.change)} to {measure.now.text}{start}"


def weight(measure: Measure) -> float:
    """How much a change is worth telling: relative ones by size, those that are not after them."""
    change = measure.change
    if change is None:
        return 0.0
    return abs(change.value) if change.unit is Unit.RATIO else min(abs(change.value), 1.0) / 100
