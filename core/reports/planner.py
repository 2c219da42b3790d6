"""Parameters to the default plan, made anew at every run: words, numbers, changes, trends, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.catalogue import METRICS
from core.context import Context
from core.reports.plan import NarrativeBlock, Parameters, PlanScope, PlanSection, ReportPlan, WidgetBlock, Window
from core.reports.references import Known

HEADLINES = (
    "commits_count",
    "prs_merged",
    "avg_pr_cycle_time_hours",
    "avg_time_to_first_review_hours",
    "deployment_frequency",
    "change_failure_rate",
)
"""The metrics of a report that names none."""
STATS = 6
TRENDS = 6
TABLE_COLUMNS = 8


def default_plan(ctx: Context, parameters: Parameters, *, title: str, description: str = "") -> ReportPlan:
    """The plan of a report that has none of its own. Reads as a page: first the answer, then the reasons."""
    metrics = parameters.metrics or tuple(key for key in HEADLINES if key in METRICS)
    known = Known.of(ctx)
    sections = (
        PlanSection(title="Summary", blocks=(NarrativeBlock(),)),
        _at_a_glance(metrics),
        _changes(metrics, parameters),
        _trends(metrics, parameters),
        *_breakdowns(ctx, metrics, parameters, known),
        _all_figures(metrics),
        _about(),
    )
    return ReportPlan(
        title=title,
        description=description,
        window=Window(range=parameters.date_range, compare=parameters.compare, time_zone=parameters.time_zone),
        scope=PlanScope(
            teams=parameters.teams,
            repos=parameters.repos,
            people=parameters.people,
            components=parameters.components,
            include_bots=parameters.include_bots,
            names=parameters.names,
        ),
        sections=tuple(section for section in sections if section.blocks),
    )


def _at_a_glance(metrics: Sequence[str]) -> PlanSection:
    shown = metrics[:STATS]
    width = {1: 6, 2: 3, 4: 3}.get(len(shown), 2)
    blocks = [WidgetBlock(widget="metric.stat", params={"metric": key}, columns=width) for key in shown]
    return PlanSection(title="At a glance", blocks=tuple(blocks))


def _changes(metrics: Sequence[str], parameters: Parameters) -> PlanSection:
    unusual = WidgetBlock(widget="anomalies", params={"metrics": list(metrics)})
    if parameters.compare == "none":
        return PlanSection(title="What changed", blocks=(unusual,))
    block = WidgetBlock(widget="changes.top", params={"metrics": list(metrics)})
    return PlanSection(title="What changed", blocks=(block, unusual))


def _trends(metrics: Sequence[str], parameters: Parameters) -> PlanSection:
    compared = parameters.compare != "none"
    shown = metrics[:TRENDS]
    blocks = [
        WidgetBlock(
            widget="metric.trend",
            params={"metric": key, "compare": compared},
            columns=6 if len(shown) % 2 and index == len(shown) - 1 else 3,
        )
        for index, key in enumerate(shown)
    ]
    return PlanSection(title="Trends", blocks=tuple(blocks))


def _breakdowns(ctx: Context, metrics: Sequence[str], parameters: Parameters, known: Known) -> Iterator[PlanSection]:
    if parameters.scope in ("org", "repo") and len(known.teams) > 1:
        yield _by("team", "By team", metrics, chart=True)
    if parameters.scope == "team" and len(parameters.teams) > 1:
        yield _by("team", "By team", metrics, chart=True)
    if parameters.scope != "repo" and len(known.repos) > 1:
        yield _by("repo", "By repository", metrics, chart=False)
    if parameters.scope == "repo" and len(parameters.repos) > 1:
        yield _by("repo", "By repository", metrics, chart=False)
    if len(parameters.components or known.components) > 1 or known.owned.keys() & {*parameters.components}:
        yield _by("component", "By component", metrics, chart=True)
    if parameters.scope in ("team", "repo") and parameters.name_people and ctx.sees_scope(team_ids=parameters.teams):
        yield _by("person", "By person", metrics, chart=False)


def _by(by: str, title: str, metrics: Sequence[str], *, chart: bool) -> PlanSection:
    bars = WidgetBlock(widget="metric.breakdown", params={"metric": metrics[0], "by": by})
    table = WidgetBlock(widget="metric.table", params={"metrics": list(metrics[:TABLE_COLUMNS]), "by": by})
    return PlanSection(title=title, blocks=(bars, table) if chart else (table,))


def _all_figures(metrics: Sequence[str]) -> PlanSection:
    block = WidgetBlock(widget="metric.summary", params={"metrics": list(metrics)})
    return PlanSection(title="All figures", blocks=(block,))


def _about() -> PlanSection:
    return PlanSection(
        title="About the data",
        intro="What the figures above are made of, and up to when it was read.",
        blocks=(WidgetBlock(widget="data.freshness"),),
    )
