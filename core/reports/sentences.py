"""From a sentence to a plan, for programs: all that is known of it at once, and nothing saved."""

from __future__ import annotations

from dataclasses import dataclass

from core.context import Capability, Context
from core.reports import spoken, suggesting
from core.reports.definition import Definition
from core.reports.plan import ReportPlan
from core.reports.planner import default_plan
from core.reports.references import checked_plan
from core.reports.spoken import Understood
from core.reports.suggesting import Suggestion


@dataclass(frozen=True, slots=True)
class Planned:
    """A sentence, and the report that it would be."""

    asked: Understood
    """With what a language model suggests, if that was to be taken."""
    told: tuple[tuple[str, str], ...]
    """What was understood, as (what, choice) pairs for people."""
    unknown: tuple[tuple[str, str], ...]
    """Each word that means nothing here, and what it may have meant."""
    suggestion: Suggestion | None
    """What the workspace's language model makes of them; None where none was asked."""
    report: Definition | None
    """What to save; None until somebody is named whom its template needs."""
    plan: ReportPlan | None
    """What it would run now: its own plan, or the one that is made of its parameters at each run."""


def planned(ctx: Context, sentence: str, name: str = "", *, take: bool = False) -> Planned:
    """What a sentence asks for; with `take`, what the workspace's language model suggests for unknown words too."""
    ctx.require(Capability.EDIT_REPORTS)
    asked = spoken.understood(ctx, sentence)
    suggestion = suggesting.suggested(ctx, sentence, asked)
    if suggestion and take:
        asked = suggestion.asked
    report = None if asked.lacks_somebody else spoken.wanted(ctx, asked, name)
    unknown = tuple(spoken.suggestions(ctx, asked))
    return Planned(asked, tuple(spoken.told(asked)), unknown, suggestion, report, _plan(ctx, report))


def _plan(ctx: Context, report: Definition | None) -> ReportPlan | None:
    if report is None:
        return None
    if report.plan:
        return checked_plan(ctx, report.plan)
    return default_plan(ctx, report.parameters, title=report.name, description=report.description)
