"""Efficiency: how long pull requests take. Clocks start when one is ready for review, else when it was opened."""

from __future__ import annotations

from core.catalogue.metric import Kind, LeftOut, Mean, Metric, Quantile, Ratio
from core.figures import Better, Unit

_CYCLE = "From ready for review (else opened) to merged, over pull requests merged in the period"
_UNREVIEWED = LeftOut("unreviewed pull requests", "responses = 0")


def _cycle(key: str, label: str, about: str, kind: Kind) -> Metric:
    return Metric(
        key=key,
        label=label,
        about=about + " A clock that would run backwards is unknown and left out.",
        category="efficiency",
        unit=Unit.HOURS,
        better=Better.LOWER,
        kind=kind,
        fact="finished_prs",
        needs=("pull_requests",),
        where="is_merged",
        exact=True,
    )


METRICS = (
    _cycle("avg_pr_cycle_time_hours", "Cycle time", f"{_CYCLE}: the mean.", Mean("cycle_hours")),
    _cycle(
        "pr_cycle_time_p50_hours",
        "Cycle time, median",
        f"{_CYCLE}: half of them were faster.",
        Quantile("cycle_hours", 0.5),
    ),
    _cycle(
        "pr_cycle_time_p75_hours",
        "Cycle time, 75th percentile",
        f"{_CYCLE}: three in four were faster.",
        Quantile("cycle_hours", 0.75),
    ),
    _cycle(
        "pr_cycle_time_p90_hours",
        "Cycle time, 90th percentile",
        f"{_CYCLE}: nine in ten were faster.",
        Quantile("cycle_hours", 0.9),
    ),
    Metric(
        key="avg_time_to_first_review_hours",
        label="Time to first review",
        about="From ready for review (else opened) to the first review or comment by another person, no bot, before the"
        " merge; the mean over pull requests merged in the period. Unreviewed ones are left out; see their share.",
        category="efficiency",
        unit=Unit.HOURS,
        better=Better.LOWER,
        kind=Mean("first_review_hours"),
        fact="finished_prs",
        needs=("pull_requests", "reviews"),
        where="is_merged",
        left_out=(_UNREVIEWED,),
        exact=True,
    ),
    Metric(
        key="unreviewed_pr_ratio",
        label="Merged without review",
        about="Share of merged pull requests that no other person reviewed or commented on before the merge.",
        category="efficiency",
        unit=Unit.RATIO,
        better=Better.LOWER,
        kind=Ratio("responses = 0"),
        fact="finished_prs",
        needs=("pull_requests", "reviews"),
        where="is_merged",
        exact=True,
    ),
    Metric(
        key="avg_pr_size",
        label="Pull request size",
        about="Lines added and removed per pull request merged in the period. Where the source does not tell the size"
        " it is unknown and left out.",
        category="efficiency",
        unit=Unit.LINES,
        better=Better.LOWER,
        kind=Mean("size"),
        fact="finished_prs",
        needs=("pull_requests",),
        where="is_merged",
    ),
    Metric(
        key="pr_merge_rate",
        label="Merge rate",
        about="Share of the pull requests closed in the period that were merged.",
        category="efficiency",
        unit=Unit.RATIO,
        better=Better.HIGHER,
        kind=Ratio("is_merged"),
        fact="finished_prs",
        needs=("pull_requests",),
        exact=True,
    ),
    Metric(
        key="first_commit_to_merge_hours",
        label="First commit to merge",
        about="From the earliest commit of a pull request to its merge: the mean over those merged in the period."
        " A clock that would run backwards, as after a rebase, is unknown and left out.",
        category="efficiency",
        unit=Unit.HOURS,
        better=Better.LOWER,
        kind=Mean("first_commit_hours"),
        fact="finished_prs",
        needs=("pull_requests",),
        where="is_merged",
    ),
    Metric(
        key="rework_ratio",
        label="Rework",
        about="Share of reviewed and merged pull requests in which changes were requested, or a commit was pushed after"
        " the first review.",
        category="efficiency",
        unit=Unit.RATIO,
        better=Better.LOWER,
        kind=Ratio("is_reworked"),
        fact="finished_prs",
        needs=("pull_requests", "reviews"),
        where="is_merged",
        left_out=(LeftOut("unreviewed pull requests", "reviews = 0"),),
        exact=True,
    ),
)
