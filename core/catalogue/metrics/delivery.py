"""Delivery: how fast, and how safely, changes reach people."""

from __future__ import annotations

from core.catalogue.metric import Aside, Distinct, Kind, LeftOut, Mean, Metric, Quantile, Rate, Ratio, Sum
from core.figures import Better, Unit

_PRODUCTION = "is_production"
_LEAD = (
    "From the earliest commit of a pull request to the production deployment that took it, over changes deployed in"
    " the period"
)
_MATCH = (
    " A deployment takes the pull requests that it lists; one that lists none takes those merged since the one before."
    " The first recorded deployment of a repository is a baseline and takes no history."
)
_PHASES = (
    " The mean over merged pull requests whose every phase up to the merge is known, so that the phases add up"
    " exactly; the others are left out, never counted as 0."
)
_INCOMPLETE = LeftOut("with an unknown phase", "NOT has_all_phases")


def _lead_time(key: str, label: str, said: str, level: float) -> Metric:
    return Metric(
        key=key,
        label=label,
        about=f"{_LEAD}: {said}.{_MATCH}",
        category="delivery",
        unit=Unit.HOURS,
        better=Better.LOWER,
        kind=Quantile("lead_hours", level),
        fact="deployed_changes",
        needs=("pull_requests", "deployments"),
    )


def _phase(key: str, label: str, said: str, value: str) -> Metric:
    return Metric(
        key=key,
        label=label,
        about=said + _PHASES,
        category="delivery",
        unit=Unit.HOURS,
        better=Better.LOWER,
        kind=Mean(value),
        fact="finished_prs",
        needs=("pull_requests", "reviews"),
        where="is_merged",
        left_out=(_INCOMPLETE,),
        exact=True,
    )


def _recovery(key: str, label: str, said: str, kind: Kind) -> Metric:
    return Metric(
        key=key,
        label=label,
        about=f"From a failing production deployment having finished to service being restored, {said}."
        " Failures that are not restored yet are left out.",
        category="delivery",
        unit=Unit.HOURS,
        better=Better.LOWER,
        kind=kind,
        fact="deploys",
        needs=("deployments",),
        where=f"{_PRODUCTION} AND is_failure",
        left_out=(LeftOut("not restored yet", "isNull(restored_at)"),),
    )


def _resolution(key: str, label: str, said: str, kind: Kind) -> Metric:
    return Metric(
        key=key,
        label=label,
        about=f"From an incident being opened to its being resolved, {said}, by the day it was opened."
        " Open ones are left out.",
        category="delivery",
        unit=Unit.HOURS,
        better=Better.LOWER,
        kind=kind,
        fact="outages",
        needs=("incidents",),
        left_out=(LeftOut("still open", "isNull(resolved_at)"),),
    )


QUIET_DAYS = 7
"""Days without a touch after which an open pull request is stuck."""
_OPEN = "Pull requests that were open when the period ended, or are open now where it has not"

_COUNTED = Distinct("tuple(repo_id, number)")
"""What stood open at the ends of several weeks does not add up."""
_ZERO = " Zero for whoever did other work in the period."


def _standing(
    key: str, label: str, about: str, unit: Unit, kind: Kind, where: str = "1", fact: str = "open_prs"
) -> Metric:
    return Metric(
        key=key,
        label=label,
        about=f"{_OPEN}{about}" + (_ZERO if isinstance(kind, Distinct) else ""),
        category="delivery",
        unit=unit,
        better=Better.LOWER,
        kind=kind,
        fact=fact,
        needs=("pull_requests",),
        where=where,
        exact=True,
        zero_if_active=isinstance(kind, Distinct),
    )


METRICS = (
    Metric(
        key="deployment_frequency",
        label="Deployment frequency",
        about="Successful production deployments per calendar day of the period. Days still to come are not counted."
        " No deployment is not enough data, never 0.",
        category="delivery",
        unit=Unit.PER_DAY,
        better=Better.HIGHER,
        kind=Rate(),
        fact="deploys",
        needs=("deployments",),
        where=f"{_PRODUCTION} AND is_success AND is_finished",
    ),
    Metric(
        key="deployments_count",
        label="Deployments",
        about="Successful production deployments.",
        category="delivery",
        unit=Unit.COUNT,
        better=Better.HIGHER,
        kind=Sum(),
        fact="deploys",
        needs=("deployments",),
        where=f"{_PRODUCTION} AND is_success AND is_finished",
    ),
    _lead_time("lead_time_hours", "Lead time for changes", "the median", 0.5),
    _lead_time("lead_time_p75_hours", "Lead time, 75th percentile", "three in four were faster", 0.75),
    _lead_time("lead_time_p90_hours", "Lead time, 90th percentile", "nine in ten were faster", 0.9),
    Metric(
        key="lead_time_unmatched_ratio",
        label="Merged but not deployed",
        about="Share of the pull requests merged in the period that no production deployment matched. The last ones may"
        " only be waiting for theirs." + _MATCH,
        category="delivery",
        unit=Unit.RATIO,
        better=Better.LOWER,
        kind=Ratio("isNull(deployed_at)"),
        fact="merged_changes",
        needs=("pull_requests", "deployments"),
        left_out=(LeftOut("merged before the first recorded deployment", "is_history"),),
    ),
    Metric(
        key="change_failure_rate",
        label="Change failure rate",
        about="Share of finished production deployments with at least one linked failure: an incident, a rollback, a"
        " revert or a hotfix. Cancelled ones count in neither. How the failures were linked is told.",
        category="delivery",
        unit=Unit.RATIO,
        better=Better.LOWER,
        kind=Ratio("is_failure"),
        fact="deploys",
        needs=("deployments",),
        where=_PRODUCTION,
        left_out=(LeftOut("cancelled", "is_cancelled"), LeftOut("unfinished", "NOT is_finished")),
        asides=tuple(
            Aside(f"linked by {method}", "1", f"failure_link = '{method}'")
            for method in ("incident", "rollback", "revert", "hotfix", "status")
        ),
    ),
    _recovery("recovery_time_hours", "Recovery time", "the mean", Mean("recovery_hours")),
    _recovery("recovery_time_p50_hours", "Recovery time, median", "half were faster", Quantile("recovery_hours", 0.5)),
    Metric(
        key="incidents_count",
        label="Incidents",
        about="Incidents by the day they were opened.",
        category="delivery",
        unit=Unit.COUNT,
        better=Better.LOWER,
        kind=Sum(),
        fact="outages",
        needs=("incidents",),
    ),
    _resolution("incident_time_to_resolve_hours", "Incident time to resolve", "the mean", Mean("resolve_hours")),
    _resolution(
        "incident_time_to_resolve_p50_hours",
        "Incident time to resolve, median",
        "half were faster",
        Quantile("resolve_hours", 0.5),
    ),
    _phase("pr_coding_hours", "Coding", "From the first commit to the pull request being opened.", "coding_hours"),
    _phase("pr_draft_hours", "Draft", "From opened to ready for review; 0 if it was never a draft.", "draft_hours"),
    _phase(
        "pr_pickup_hours", "Pickup", "From ready for review to the first response by another person.", "pickup_hours"
    ),
    _phase("pr_review_hours", "Review", "From the first response to the first approval.", "review_hours"),
    _phase("pr_merge_wait_hours", "Merge wait", "From the first approval to the merge.", "merge_wait_hours"),
    _phase(
        "pr_total_hours",
        "First commit to merge, all phases",
        "The sum of coding, draft, pickup, review and merge wait.",
        "coding_hours + draft_hours + pickup_hours + review_hours + merge_wait_hours",
    ),
    Metric(
        key="pr_deploy_hours",
        label="Deploy",
        about="From the merge to the production deployment, the mean over pull requests merged in the period."
        " Those not deployed are left out." + _MATCH,
        category="delivery",
        unit=Unit.HOURS,
        better=Better.LOWER,
        kind=Mean("deploy_hours"),
        fact="merged_changes",
        needs=("pull_requests", "deployments"),
        left_out=(LeftOut("not deployed", "isNull(deployed_at)"),),
    ),
    _standing("open_prs_count", "Open pull requests", ": the work in progress.", Unit.COUNT, _COUNTED),
    _standing(
        "open_pr_age_p50_hours",
        "Age of open pull requests, median",
        ": half of them were opened less long before.",
        Unit.HOURS,
        Quantile("age_hours", 0.5),
    ),
    _standing(
        "stuck_prs_count",
        "Stuck pull requests",
        f", no drafts, in which nobody but bots pushed, reviewed or commented for {QUIET_DAYS} days.",
        Unit.COUNT,
        _COUNTED,
        f"NOT is_draft AND quiet_hours > {QUIET_DAYS * 24}",
    ),
    _standing(
        "review_requests_open_count",
        "Reviews waited for",
        ", no drafts: somebody was asked to review one and has not answered since. Each person asked counts.",
        Unit.COUNT,
        Distinct("tuple(person, repo_id, number)"),
        fact="waiting_reviews",
    ),
)
