"""docs/metrics.md, written from the declarations."""

from __future__ import annotations

from core.catalogue import dora
from core.catalogue.facts import fact
from core.catalogue.metric import METRICS, Metric
from core.catalogue.metrics import CATEGORIES
from core.catalogue.places import BELONGS, TOGETHER
from core.catalogue.states import noun
from core.figures import Unit, number_text

_INTRO = """# Metrics

Every number on a dashboard, in a report or in an export is one of these. Ask for one with
`sightline metrics show KEY`, and for its origin with `sightline metrics explain KEY` or the Explain button.

**States.** *Measured*: zero is a measured value. *No data*: the source is there, and nothing happened that the number
needs. *Not collected*: no source feeds it. *Stale*: the source was not read up to the end of the period; the value is
given, unless nothing of the period was read. *Unsupported*: it cannot be asked in this way. Missing is never 0, never
averaged in, never drawn as 0. So a week without a commit is *no data* and a gap in a chart; a week with reviews and no
commit has 0 commits.

**Roll-up.** A *sum* adds up; a *ratio* and a *mean* add their numerators and denominators; a *quantile*, a *distinct*
count and a *span* of a longer time are counted again from the rows, never made from those of shorter ones.

**Always.** Periods end before their last instant; bots are left out unless asked for, and how many were is told; people
who are several identities count as one; a person's local time is that of the commit's own offset; membership of a team
is that of the day. Days, weeks (Monday to Sunday), two weeks (from a fixed Monday) and months are those of the
workspace's time zone.

**Components.** A number can be narrowed to parts of repositories, and told apart by them, where the changed files of
their commits are known. {together} Each metric says which of these holds for it:

{belonging}
"""
_PLACES = {
    "files": "by files",
    "path": "by path",
    "owned": "by the file now",
    "change": "by pull request",
    "review": "by review",
    "work": "by what was done",
    "deployment": "by deployment",
    "incident": "by the deployment named",
}


def page() -> str:
    """The reference of all metrics, by category."""
    belonging = "\n".join(f"- *{_PLACES[kind]}*: {text}" for kind, text in BELONGS.items())
    parts = [_INTRO.format(together=TOGETHER, belonging=belonging)]
    for category, title in CATEGORIES.items():
        parts.append(f"## {title}\n")
        parts += [_section(metric) for metric in METRICS if metric.category == category]
    return "\n".join([*parts, _bands()])


def _section(metric: Metric) -> str:
    lines = [
        f"### {metric.label} · `{metric.key}`\n",
        f"{metric.about}\n",
        f"- {metric.kind.name}, {metric.unit.value.replace('_', ' ')}, {_direction(metric)}, version {metric.version}",
        f"- `{metric.formula}` over `{metric.fact}`",
        f"- needs {_listed([noun(need) for need in metric.needs])}" + (_EXACT if metric.exact else ""),
    ]
    place = fact(metric.fact).places
    lines.append(f"- of components {_PLACES[place]}" if place else "- not told of components: it names no files")
    reasons = [out.reason for out in metric.left_out] + [a.name for a in metric.asides if a.is_left_out]
    if reasons:
        lines.append(f"- left out and told: {_listed(reasons)}")
    if beside := [aside.name for aside in metric.asides if not aside.is_left_out]:
        lines.append(f"- told beside it: {_listed(beside)}")
    return "\n".join(lines) + "\n"


_DORA = """## DORA's bands

A card of one of these four says where its value stands among the groups of a year's report; a block's setting
`dora_year` chooses the year, {newest} if it is left out. The reports describe groups of people who answered, and no
limits. A value gets the best band whose description it meets: a gap between two descriptions belongs to the worse
one, of two bands described alike only the better is given, and what meets none is low. Where a report names one
failure rate for a band, that is the most it may be. There was no report in 2020; that of 2025 has no such bands.
Recovery was that of any incident up to 2022, and is that of failed deployments since.

Sources: {sources}.
"""


_HEAD = "| year | elite | high | medium | low |\n| --- | --- | --- | --- | --- |"


def _bands() -> str:
    reports = dora.REPORTS.values()
    sources = ", ".join(f"[{report.title}]({report.address})" for report in reports)
    parts = [_DORA.format(newest=dora.NEWEST, sources=sources)]
    for key in dora.KEYS:
        parts += [
            f"**{METRICS.get(key).label}**\n",
            "| year | elite | high | medium | low |",
            "| --- | --- | --- | --- | --- |",
        ]
        parts += [_year(key, report) for report in reports]
        parts.append("")
    return "\n".join(parts)


def _year(key: str, report: dora.Report) -> str:
    edges = report.edges(key)
    told = {band: _edge(key, edges, place) for place, band in enumerate(report.bands)}
    return f"| {report.year} | " + " | ".join(told.get(band, "–") for band in ("elite", "high", "medium", "low")) + " |"


def _edge(key: str, edges: tuple[float, ...], place: int) -> str:
    """Where a band ends, in words; a dash for one that is never given."""
    if place == len(edges):
        return "the rest"
    if place and edges[place] == edges[place - 1]:
        return "–"
    if key == "deployment_frequency":
        return f"{'at least' if place else 'more than'} one {_RHYTHMS[edges[place]]}"
    if key == "change_failure_rate":
        return f"up to {number_text(edges[place], Unit.RATIO)}"
    return f"under {_SPANS[edges[place]]}"


_RHYTHMS = {1.0: "a day", 1 / 7: "a week", 1 / 30: "a month", 1 / 182: "in six months"}
_SPANS = {dora.HOUR: "1 h", dora.DAY: "1 day", dora.WEEK: "1 week", dora.MONTH: "1 month", dora.HALF_YEAR: "6 months"}

_EXACT = " from the repository's host: git alone does not tell enough"


def _direction(metric: Metric) -> str:
    return "neither way is better" if metric.better.value == "neither" else f"{metric.better.value} is better"


def _listed(words: list[str]) -> str:
    return ", ".join(words)
