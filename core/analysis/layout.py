"""A place for each node of a graph: a disc for each community, near those that it works with most.

Inside a disc the most connected stand in the middle. A layout by forces between single people takes minutes for
thousands of them and ends as a ball of wool; this one takes a moment, and what it shows is who belongs together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import cos, pi, sin, sqrt
from typing import Any

from core.analysis.graph import Ties

GOLDEN = pi * (3 - sqrt(5))
SPACING = 1.0
GAP = 1.6
"""Between two discs."""
MOVED = 120
"""Communities that are moved towards each other; those beyond are small and stand around them."""
ROUNDS = 300
SIZE = 400.0
"""Half the width of the whole."""


def places(community: Sequence[int], weight: Sequence[float], ties: Ties) -> list[tuple[float, float]]:
    """x and y of each node, at most `SIZE` from the middle; nodes without a community stand in the middle."""
    discs: dict[int, list[int]] = defaultdict(list)
    for node, number in enumerate(community):
        if number:
            discs[number].append(node)
    if not discs:
        return [(0.0, 0.0)] * len(community)
    numbers = sorted(discs)
    centres = _centres([len(discs[number]) for number in numbers], _between(community, numbers, ties))
    found = [(0.0, 0.0)] * len(community)
    for number, (x, y) in zip(numbers, centres, strict=True):
        for place, node in enumerate(sorted(discs[number], key=lambda one: (-weight[one], one))):
            dx, dy = _seed(place)
            found[node] = (x + dx, y + dy)
    reach = max(max(abs(x), abs(y)) for x, y in found) or 1.0
    return [(round(x / reach * SIZE, 1), round(y / reach * SIZE, 1)) for x, y in found]


def _seed(place: int) -> tuple[float, float]:
    """Where the place-th seed of a sunflower is."""
    far, turn = SPACING * sqrt(place), place * GOLDEN
    return far * cos(turn), far * sin(turn)


def _between(community: Sequence[int], numbers: Sequence[int], ties: Ties) -> Any:
    """How strong the ties between each two communities are."""
    import numpy as np

    at = {number: place for place, number in enumerate(numbers)}
    strength = np.zeros((len(numbers), len(numbers)))
    for source, target, value in ties:
        one, two = at[community[source]], at[community[target]]
        if one != two:
            strength[one, two] += value
            strength[two, one] += value
    return strength


def _centres(sizes: Sequence[int], strength: Any) -> list[tuple[float, float]]:
    """Middles of the discs: drawn together by their ties, pushed apart until none lies on another."""
    import numpy as np

    radius = SPACING * np.sqrt(np.array(sizes)) + GAP
    spread = np.sqrt(np.cumsum(radius**2))
    turn = np.arange(len(sizes)) * GOLDEN
    at = np.stack([spread * np.cos(turn), spread * np.sin(turn)], axis=1)
    moved = min(len(sizes), MOVED)
    pull = np.sqrt(strength[:moved, :moved])
    pull = pull / max(pull.max(initial=0.0), 1e-9)
    for number in range(ROUNDS):
        at[:moved] = _round(at[:moved], radius[:moved], pull, 1 - number / ROUNDS)
    for _ in range(50):
        at[:moved] = _apart(at[:moved], radius[:moved])
    outside = np.abs(at[:moved]).max(initial=0.0) + radius[:moved].max(initial=0.0)
    at[moved:] *= np.maximum(1.0, outside / np.maximum(np.linalg.norm(at[moved:], axis=1, keepdims=True), 1e-9))
    return [(float(x), float(y)) for x, y in at - at.mean(axis=0)]


def _round(at: Any, radius: Any, pull: Any, heat: float) -> Any:
    import numpy as np

    apart = at[None, :, :] - at[:, None, :]
    far = np.linalg.norm(apart, axis=2)
    np.fill_diagonal(far, 1.0)
    free = np.maximum(far - radius[:, None] - radius[None, :], 0)
    move = ((pull * free * 0.12 + 0.004 * free)[:, :, None] * apart / far[:, :, None]).sum(axis=1) / max(
        1, len(at)
    ) ** 0.5
    return _apart(at + move * heat, radius)


def _apart(at: Any, radius: Any) -> Any:
    """Discs that overlap give way, the smaller one more."""
    import numpy as np

    apart = at[None, :, :] - at[:, None, :]
    far = np.linalg.norm(apart, axis=2)
    np.fill_diagonal(far, np.inf)
    overlap = np.maximum(radius[:, None] + radius[None, :] - far, 0)
    gives = radius[None, :] / (radius[:, None] + radius[None, :])
    return at - ((overlap * gives)[:, :, None] * apart / np.maximum(far, 1e-6)[:, :, None]).sum(axis=1) * 0.6
