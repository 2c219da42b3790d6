"""What an answer about a run may be made of: the figures that the reader sees, and the names within its scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.catalogue import METRICS
from core.catalogue.answers import with_subteams
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.documents import Document
from core.figures import Figure
from core.narrative.facts import Facts
from core.narrative.reading import read
from core.reports import reading
from core.reports.assembly import placed
from core.reports.narrating import apart
from core.reports.plan import ReportPlan
from core.reports.references import Known
from core.reports.rows import run_row
from core.reports.scopes import compared

KINDS = {"team": "team_ids", "repo": "repo_ids", "component": "component_ids", "person": "person_ids"}
"""What a question may be about, and where a scope has it."""
NOUNS = {"team": "Team", "repo": "Repository", "component": "Component", "person": "Person"}


@dataclass(frozen=True)
class Around:
    """A finished run, as one reader may ask about it."""

    ctx: Context
    run_id: str
    document: Document
    plan: ReportPlan
    individual: frozenset[str]
    """Keys of the figures that are not for everybody."""

    @cached_property
    def scope(self) -> Scope:
        """Whom and which days the run is about, and what they are compared with."""
        whole = reading.scope(self.ctx, self.run_id)
        assert whole.period
        return replace(whole, compare=compared(whole.period, self.plan.window.compare, whole.time_zone))

    @cached_property
    def figures(self) -> list[Figure]:
        """Those whose numbers are of the report's days, and of whom they say."""
        others = {key for key, block in placed(self.plan) if apart(block)}
        return [one for one in self.document.figures() if one.key not in others]

    @cached_property
    def facts(self) -> Facts:
        """All that the reader sees."""
        return self.read(self.figures)

    @cached_property
    def open_facts(self) -> Facts:
        """All that everybody sees: no more than this leaves the machine."""
        return self.read([one for one in self.figures if one.key not in self.individual])

    def read(self, figures: Sequence[Figure]) -> Facts:
        return read(figures, self.document.period_label, self.document.comparison_label)

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """Names by id, by kind, of everything in the workspace that the reader may know of.

        A program that may only read reports knows none, and fetches nothing.
        """
        if not self.ctx.may(Capability.VIEW_DASHBOARDS):
            return {kind: {} for kind in KINDS}
        known = Known.of(self.ctx)
        people = {ref: name for ref, name in known.people.items() if self.ctx.sees_person(ref)}
        return {"team": known.teams, "repo": known.repos, "component": known.components, "person": people}

    @cached_property
    def everybody(self) -> Mapping[str, str]:
        """Names of all people, to keep them on this machine."""
        return Known.of(self.ctx).people if self.ctx.may(Capability.VIEW_DASHBOARDS) else {}

    def inside(self, kind: str, ref: str) -> bool:
        """Whether it lies in what the report is about."""
        chosen: tuple[str, ...] = getattr(self.scope, KINDS[kind])
        if kind == "team":
            chosen = with_subteams(self.ctx, chosen)
        return not chosen or ref in chosen

    def within(self, kind: str) -> dict[str, str]:
        """Names by id that lie in what the report is about."""
        return {ref: name for ref, name in self.names[kind].items() if self.inside(kind, ref)}

    @cached_property
    def metrics(self) -> list[str]:
        """Keys of the metrics that the report shows."""
        shown = set(self.facts.metrics)
        return [metric.key for metric in METRICS if metric.label in shown]


def around(ctx: Context, run_id: str) -> Around:
    """What may be asked of a run; NotFound unless the actor may see it and it has a result."""
    ctx.require(Capability.VIEW_REPORTS)
    document = reading.document(ctx, run_id)
    with ctx.app.reading() as session:
        row = run_row(session, ctx, run_id)
        plan, individual = ReportPlan.model_validate(row.plan), frozenset(reading.individual(row))
    return Around(ctx, run_id, document, plan, individual)
