"""Numbers of pull requests: a branch that was merged without one gets its own, above any that a forge gives."""

from __future__ import annotations

UNNUMBERED = 2**31
"""From here on a number is no forge's: it only tells merged branches apart, and is shown to nobody."""


def own_number(merge_sha: bytes) -> int:
    """The number of the branch that this merge brought in: the same in every reading of the repository."""
    return UNNUMBERED | int(merge_sha[:8], 16) >> 1
