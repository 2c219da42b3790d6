"""docs/metrics.md, written from the declarations."""

from __future__ import annotations

from core.catalogue.metric import METRICS, Metric
from core.catalogue.metrics import CATEGORIES
from core.catalogue.states import noun

_INTRO = """# Metrics

Every number on a dashboard, in a report or in an export is one of these. Ask for one with
`sightline metrics show KEY`, and for its origin with `sightline metrics explain KEY` or the Explain button.

**States.** *Measured*: zero is a measured value. *No data*: the source is there, and nothing happened that the number
needs. *Not collected*: no source feeds it. *Stale*: the source was not read up to the end of the period; the value is
given. *Unsupported*: it cannot be asked in this way. Missing is never 0, never averaged in, never drawn as 0.

**Roll-up.** A *sum* adds up; a *ratio* and a *mean* add their numerators and denominators; a *quantile*, a *distinct*
count and a *span* of a longer time are counted again from the rows, never made from those of shorter ones.

**Always.** Periods end before their last instant; bots are left out unless asked for, and how many were is told; people
who are several identities count as one; a person's local time is that of the commit's own offset; membership of a team
is that of the day. Days, weeks (Monday to Sunday), two weeks (from a fixed Monday) and months are those of the
workspace's time zone.
"""


def page() -> str:
    """The reference of all metrics, by category."""
    parts = [_INTRO]
    for category, title in CATEGORIES.items():
        parts.append(f"## {title}\n")
        parts += [_section(metric) for metric in METRICS if metric.category == category]
    return "\n".join(parts)


def _section(metric: Metric) -> str:
    lines = [
        f"### {metric.label} · `{metric.key}`\n",
        f"{metric.about}\n",
        f"- {metric.kind.name}, {metric.unit.value.replace('_', ' ')}, {_direction(metric)}, version {metric.version}",
        f"- `{metric.formula}` over `{metric.fact}`",
        f"- needs {_listed([noun(need) for need in metric.needs])}" + (_EXACT if metric.exact else ""),
    ]
    reasons = [out.reason for out in metric.left_out] + [a.name for a in metric.asides if a.is_left_out]
    if reasons:
        lines.append(f"- left out and told: {_listed(reasons)}")
    if beside := [aside.name for aside in metric.asides if not aside.is_left_out]:
        lines.append(f"- told beside it: {_listed(beside)}")
    return "\n".join(lines) + "\n"


_EXACT = " from the repository's host: git alone does not tell enough"


def _direction(metric: Metric) -> str:
    return "neither way is better" if metric.better.value == "neither" else f"{metric.better.value} is better"


def _listed(words: list[str]) -> str:
    return ", ".join(words)
