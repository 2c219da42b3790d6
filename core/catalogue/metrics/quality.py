"""Quality: how work is reviewed."""

from __future__ import annotations

from core.catalogue.metric import Aside, LeftOut, Mean, Metric, Ratio
from core.figures import Better, Unit

METRICS = (
    Metric(
        key="review_participation_rate",
        label="Review participation",
        about="Of the pull requests that others opened in the period, in repositories where the person was active in"
        " the 90 days before (committed, opened or reviewed), the share that the person reviewed.",
        category="quality",
        unit=Unit.RATIO,
        better=Better.HIGHER,
        kind=Ratio("is_reviewed"),
        fact="review_opportunities",
        needs=("pull_requests", "reviews"),
        exact=True,
    ),
    Metric(
        key="avg_review_depth",
        label="Review depth",
        about="Review comments by the person, per review of somebody else's pull request.",
        category="quality",
        unit=Unit.NUMBER,
        better=Better.NEITHER,
        kind=Ratio("comments"),
        fact="reviews_given_and_received",
        needs=("reviews",),
        where="side = 'given'",
        exact=True,
    ),
    Metric(
        key="review_turnaround_hours",
        label="Review turnaround",
        about="From the review being requested or the pull request being ready, whichever came later, to the review:"
        " the mean over the person's reviews. A clock that would run backwards is unknown and left out.",
        category="quality",
        unit=Unit.HOURS,
        better=Better.LOWER,
        kind=Mean("turnaround_hours"),
        fact="reviews_given_and_received",
        needs=("pull_requests", "reviews"),
        where="side = 'given'",
        exact=True,
    ),
    Metric(
        key="self_merge_rate",
        label="Merged by the author alone",
        about="Share of the person's merged pull requests that they merged themselves with no approval by somebody"
        " else. Where nobody knows who merged, it is left out.",
        category="quality",
        unit=Unit.RATIO,
        better=Better.LOWER,
        kind=Ratio("merger = person AND approvals = 0"),
        fact="finished_prs",
        needs=("pull_requests", "reviews"),
        where="is_merged",
        left_out=(LeftOut("merged by nobody known", "merger = ''"),),
        asides=(Aside("merged by their author", "merger = person"),),
        exact=True,
    ),
)
