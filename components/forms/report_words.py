"""How reports and their runs read on pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from components import session
from components.draw.words import plain
from core.base.period import Period, range_label, zone_of
from core.context import Context
from core.reports.plan import COMPARISONS, SCOPES, Parameters
from core.reports.views import ReportView, RunView

NOT_YOURS = "Only the owner of this report, its editors and admins may change it. Clone it to make it your own."
TRIGGERS = {
    "manual": "By hand",
    "scheduler": "By its schedule",
    "cli": "From the command line",
    "api": "By the API",
    "import": "After an import",
    "demo": "With the demo",
    "test": "As a test of its schedule",
}


def moment(ctx: Context, at: datetime | None) -> str:
    """ "Wed 11 Mar 2026, 13:00" on the reader's own clock; a dash for never."""
    zone = session.signed_in().time_zone or ctx.workspace.time_zone
    return f"{at.astimezone(zone_of(zone)):%a %-d %b %Y, %H:%M}" if at else "–"


def took(run: RunView) -> str:
    """ "2.1 s", "3 min 20 s"; empty while it runs."""
    seconds = run.duration_seconds
    if seconds is None:
        return ""
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


def days(run: RunView, zone: str) -> str:
    """ "1 Mar 2026 – 10 Mar 2026", empty for a run without a result."""
    return Period(run.period_start, run.period_end).label(zone) if run.period_start and run.period_end else ""


def about(chosen: Parameters) -> str:
    """Whom a report is about, in a few words."""
    refs = {"team": chosen.teams, "repo": chosen.repos, "person": chosen.people}.get(chosen.scope, ())
    whom = f"{SCOPES[chosen.scope]}: {_named(chosen, refs)}" if refs else "The whole organization"
    return whom + (f", in {_named(chosen, chosen.components)}" if chosen.components else "")


def told(report: ReportView) -> Parameters:
    """Scope and days of a report in the words of parameters, where it has a plan of its own too."""
    plan = report.report_plan
    if plan is None:
        return report.parameters
    scope, window = plan.scope, plan.window
    kind = "team" if scope.teams else "repo" if scope.repos else "person" if scope.people else "org"
    days = window.range
    if window.interval_days:
        days = f"last_{window.interval_days}_days"
    elif window.start:
        days = f"{window.start}..{window.end}".rstrip(".")
    return report.parameters.model_copy(
        update={
            "scope": kind, "teams": scope.teams, "repos": scope.repos, "people": scope.people,
            "components": scope.components, "names": scope.names, "date_range": days, "compare": window.compare,
            "time_zone": window.time_zone, "include_bots": scope.include_bots,
        }
    )  # fmt: skip


def _named(chosen: Parameters, refs: Sequence[str]) -> str:
    names = [plain(chosen.names.get(ref, ref)) for ref in refs]
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")


def period(chosen: Parameters) -> str:
    """ "Last 30 days, compared with the period before"."""
    label = range_label(chosen.date_range)
    if chosen.compare == "none":
        return label
    compared = COMPARISONS[chosen.compare]
    return f"{label}, compared with the {compared[:1].lower()}{compared[1:]}"
