"""Team: how many take part, how closely they work together, and how evenly they review each other."""

from __future__ import annotations

from core.catalogue.metric import Distinct, Metric, Span
from core.figures import Better, Unit

PEOPLE = "uniqExactIf(person, $kept)"
TIES = "groupUniqArrayIf((person, other), $kept AND other != '')"
TURNED = f"arrayMap(p -> (p.2, p.1), {TIES})"
_BY_REVIEWER = "mapValues(sumMapIf(map(person, toUInt64(1)), $kept))"
_ONE_WAY = "sumMapIf(map(pair, if(side = 'given', toInt64(1), toInt64(-1))), $kept)"
"""By pair, how many more the one gave the other than it had back: twice the smaller count is all but that."""


def _reviewing(
    key: str, label: str, about: str, better: Better, formula: str, where: str, counted: str = "1"
) -> Metric:
    return Metric(
        key=key,
        label=label,
        about=about,
        category="team",
        unit=Unit.RATIO,
        better=better,
        kind=Span(formula),
        fact="reviews_given_and_received",
        needs=("reviews",),
        where=where,
        counted=counted,
    )


METRICS = (
    Metric(
        key="active_people",
        label="Active people",
        about="Different people who committed, opened, merged or closed a pull request of theirs, or reviewed.",
        category="team",
        unit=Unit.COUNT,
        better=Better.NEITHER,
        kind=Distinct("person"),
        fact="activity",
        needs=("commits",),
    ),
    _reviewing(
        "review_top_share",
        "Reviews by the busiest reviewer",
        "Share of all reviews of other people's pull requests that the one person gave who gave most.",
        Better.LOWER,
        f"arrayMax({_BY_REVIEWER}) / countIf($kept)",
        "side = 'given'",
    ),
    _reviewing(
        "review_top3_share",
        "Reviews by the three busiest",
        "Share of all reviews of other people's pull requests that the three people gave who gave most.",
        Better.LOWER,
        f"arraySum(arraySlice(arrayReverseSort({_BY_REVIEWER}), 1, 3)) / countIf($kept)",
        "side = 'given'",
    ),
    _reviewing(
        "review_reciprocity",
        "Reviews returned",
        "Share of reviews between people that went both ways: of each pair the smaller of the two counts twice, over"
        " all reviews of the pairs. 1 where everybody reviews as often as they are reviewed by the same person, 0 where"
        " all goes one way. Bots' reviews, and those of bots' pull requests, are left out.",
        Better.HIGHER,
        f"(countIf($kept) - arraySum(one -> abs(one), mapValues({_ONE_WAY}))) / countIf($kept)",
        "NOT has_bot AND other != ''",
        counted="side = 'given'",
    ),
    Metric(
        key="collaboration_density",
        label="Density of collaboration",
        about="Of all pairs of people who were active, the share of whom one reviewed, commented on or co-wrote the"
        " other's work. Of a team, only pairs inside it count, as members were on those days.",
        category="team",
        unit=Unit.RATIO,
        better=Better.NEITHER,
        kind=Span(f"length(arrayIntersect({TIES}, {TURNED})) / ({PEOPLE} * ({PEOPLE} - 1))"),
        fact="interactions",
        needs=("reviews",),
    ),
    Metric(
        key="isolated_people",
        label="Isolated people",
        about="People who were active, and with whom nobody shared a review, a comment or a co-written commit. Those"
        " who work where no source tells of reviews are isolated in the data, not in life.",
        category="team",
        unit=Unit.COUNT,
        better=Better.LOWER,
        kind=Span(f"{PEOPLE} - uniqExactIf(person, $kept AND other != '')"),
        fact="interactions",
        needs=("reviews",),
    ),
)
