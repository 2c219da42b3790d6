"""Velocity: how much work is done."""

from __future__ import annotations

from core.catalogue.metric import METRICS, LeftOut, Mean, Metric, Sum
from core.figures import Better, Unit

MERGES = LeftOut("merges", "is_merge")

METRICS.add(
    Metric(
        key="commits_count",
        label="Commits",
        about="Commits authored, without merge commits. Zero for whoever did other work in the period.",
        category="velocity",
        unit=Unit.COUNT,
        better=Better.HIGHER,
        kind=Sum(),
        fact="commits",
        left_out=(MERGES,),
        zero_if_active=True,
    )
)
METRICS.add(
    Metric(
        key="lines_added",
        label="Lines added",
        about="Lines added by commits; merge commits carry none, generated and vendored files are left out.",
        category="velocity",
        unit=Unit.LINES,
        better=Better.NEITHER,
        kind=Sum("lines_added"),
        fact="commits",
        left_out=(MERGES,),
        zero_if_active=True,
    )
)
METRICS.add(
    Metric(
        key="lines_removed",
        label="Lines removed",
        about="Lines removed by commits; merge commits carry none, generated and vendored files are left out.",
        category="velocity",
        unit=Unit.LINES,
        better=Better.NEITHER,
        kind=Sum("lines_removed"),
        fact="commits",
        left_out=(MERGES,),
        zero_if_active=True,
    )
)
METRICS.add(
    Metric(
        key="net_lines",
        label="Net lines",
        about="Lines added minus lines removed.",
        category="velocity",
        unit=Unit.LINES,
        better=Better.NEITHER,
        kind=Sum("lines_added - lines_removed"),
        fact="commits",
        left_out=(MERGES,),
        zero_if_active=True,
    )
)
METRICS.add(
    Metric(
        key="avg_commit_size",
        label="Commit size",
        about="Lines added and removed per commit.",
        category="velocity",
        unit=Unit.LINES,
        better=Better.NEITHER,
        kind=Mean("lines_added + lines_removed"),
        fact="commits",
        left_out=(MERGES,),
    )
)
