"""How large and how deep a file is: the measure of complexity that needs no language's grammar."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

LARGEST = 1_000_000
"""Bytes beyond which a file is data rather than text that somebody reads: it is not measured."""
SNIFFED = 8_000
"""Bytes in which git looks for a zero to tell what is binary."""
USUAL_STEP, WIDEST_STEP = 4, 8

_INDENT = re.compile(rb"^([ \t]*)[^\s]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Weight:
    lines: int
    """That are not blank."""
    complexity: int
    """Each of them counts one, and one more for each level that it is indented."""


def weighed(content: bytes) -> Weight | None:
    """None for what is binary or too large to be read by anybody."""
    if len(content) > LARGEST or b"\0" in content[:SNIFFED]:
        return None
    indents = _INDENT.findall(content)
    step = _step(indents)
    levels = {indent: indent.count(b"\t") + indent.count(b" ") // step for indent in set(indents)}
    deep = sum(levels[indent] * count for indent, count in Counter(indents).items())
    return Weight(len(indents), len(indents) + deep)


def _step(indents: list[bytes]) -> int:
    """Blanks of one level: the commonest step inwards from a line to the next; the smaller of two as common."""
    widths = [len(indent) for indent in indents if b"\t" not in indent]
    steps = Counter(after - before for before, after in pairwise(widths) if 1 < after - before <= WIDEST_STEP)
    return max(steps, key=lambda step: (steps[step], -step), default=USUAL_STEP)
