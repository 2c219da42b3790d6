"""Collaboration: who works with whom."""

from __future__ import annotations

from core.catalogue.metric import Aside, Distinct, LeftOut, Metric, Ratio, Sum
from core.figures import Better, Unit

METRICS = (
    Metric(
        key="unique_collaborators",
        label="Collaborators",
        about="Different people whom one reviewed, was reviewed by, or wrote a commit with, without bots."
        " Zero for whoever did other work in the period.",
        category="collaboration",
        unit=Unit.COUNT,
        better=Better.HIGHER,
        kind=Distinct("other"),
        fact="collaborations",
        needs=("commits", "reviews"),
        zero_if_active=True,
    ),
    Metric(
        key="cross_team_pr_ratio",
        label="Reviewed across teams",
        about="Of the person's merged pull requests that somebody else reviewed, the share with a reviewer who was of"
        " another team on the day of the review. Authors without a team are left out.",
        category="collaboration",
        unit=Unit.RATIO,
        better=Better.NEITHER,
        kind=Ratio("is_cross_team"),
        fact="reviewed_prs",
        needs=("pull_requests", "reviews"),
        left_out=(LeftOut("by authors without a team", "NOT has_team"),),
    ),
    Metric(
        key="review_given_count",
        label="Reviews given",
        about="Reviews of other people's pull requests. Zero for whoever did other work in the period.",
        category="collaboration",
        unit=Unit.COUNT,
        better=Better.HIGHER,
        kind=Sum(),
        fact="reviews_given_and_received",
        needs=("reviews",),
        where="side = 'given'",
        zero_if_active=True,
    ),
    Metric(
        key="review_received_count",
        label="Reviews received",
        about="Reviews by other people, no bots, of the person's pull requests. Zero for whoever did other work in the"
        " period.",
        category="collaboration",
        unit=Unit.COUNT,
        better=Better.NEITHER,
        kind=Sum(),
        fact="reviews_given_and_received",
        needs=("reviews",),
        where="side = 'received'",
        zero_if_active=True,
    ),
    Metric(
        key="knowledge_sharing_score",
        label="Knowledge sharing",
        about="Reviews given / (reviews given + reviews received), shown with both counts. 0.5 is as much given as"
        " received.",
        category="collaboration",
        unit=Unit.SCORE,
        better=Better.NEITHER,
        kind=Ratio("side = 'given'"),
        fact="reviews_given_and_received",
        needs=("reviews",),
        asides=(
            Aside("reviews given", "1", "side = 'given'"),
            Aside("reviews received", "1", "side = 'received'"),
        ),
    ),
)
