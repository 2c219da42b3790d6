"""Whether a workspace's model answers, and how well: asked about figures that are invented."""

from __future__ import annotations

import time

from core.base.errors import BadInput, SourceUnreachable
from core.context import Capability, Context
from core.figures import Better, Change, Stat, Unit
from core.narration import PARTS
from core.narrative.facts import Facts
from core.narrative.reading import read
from core.narrative.voice import settings as deciding
from core.narrative.voice.speaking import voiced


def trial(ctx: Context) -> str:
    """What became of a question about two invented numbers; SourceUnreachable with the reason if there is no answer."""
    ctx.require(Capability.MANAGE_WORKSPACE)
    wish = deciding.settings(ctx)
    if not wish.allowed:
        raise BadInput("This workspace allows no language model. Allow it and save before you test it.")
    began = time.monotonic()
    narration = voiced(ctx, wish, _invented(), tuple(PARTS))
    if not narration.model:
        raise SourceUnreachable(narration.fallback)
    kept, count = len(narration.sentences), len(narration.sentences) + narration.dropped
    return (
        f"{wish.model} answered in {time.monotonic() - began:.1f} s. The figures bear {kept} of {count} sentences out."
    )


def _invented() -> Facts:
    up = Change(value=0.25, text="+25 %", good=None, versus="vs 40 in 1 Feb – 28 Feb")
    slower = Change(value=0.5, text="+50 %", good=False, versus="vs 8.0 h in 1 Feb – 28 Feb")
    figures = [
        Stat(key="a", title="Commits", value=50, text="50", unit=Unit.COUNT, n=50, change=up),
        Stat(key="b", title="Lead time for changes", value=12, text="12.0 h", unit=Unit.HOURS, better=Better.LOWER,
             n=20, change=slower),
    ]  # fmt: skip
    return read(figures, "1 Mar 2026 – 28 Mar 2026", "1 Feb 2026 – 28 Feb 2026")
