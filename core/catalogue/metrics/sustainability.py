"""Sustainability: when work happens, in each author's own local time."""

from __future__ import annotations

from core.catalogue.metric import Aside, Distinct, Mean, Metric, Ratio, Span
from core.catalogue.metrics.velocity import MERGES
from core.figures import Better, Unit

_DATES = "arraySort(groupUniqArrayIf((person, toInt32(day)), $kept))"
_RUNS = (
    f"arraySplit((this, before) -> this.1 != before.1 OR this.2 != before.2 + 1, {_DATES} AS dates,"
    " arrayPopBack(arrayPushFront(dates, dates[1])))"
)
_BY_REPOSITORY = "sumMapIf([repo_id], [toUInt64(1)], $kept).2"

METRICS = (
    Metric(
        key="weekend_commit_ratio",
        label="Weekend commits",
        about="Share of commits made on the author's weekend days, by the author's own clock. Weekends are those of"
        " the person's schedule, else Saturday and Sunday.",
        category="sustainability",
        unit=Unit.RATIO,
        better=Better.LOWER,
        kind=Ratio("is_weekend"),
        fact="authored_commits",
        needs=("commits",),
        left_out=(MERGES,),
    ),
    Metric(
        key="late_night_commit_ratio",
        label="Late-night commits",
        about="Share of commits made from 22:00 to 05:59 by the author's own clock.",
        category="sustainability",
        unit=Unit.RATIO,
        better=Better.LOWER,
        kind=Ratio("is_late_night"),
        fact="authored_commits",
        needs=("commits",),
        left_out=(MERGES,),
    ),
    Metric(
        key="longest_streak_days",
        label="Longest streak",
        about="The most consecutive dates, by the author's own clock and inside the period, on each of which one person"
        " committed. For several people it is the longest of any one of them.",
        category="sustainability",
        unit=Unit.DAYS,
        better=Better.NEITHER,
        kind=Span(f"arrayMax(arrayMap(run -> length(run), {_RUNS}))"),
        fact="active_days",
        needs=("commits",),
    ),
    Metric(
        key="avg_daily_active_hours",
        label="Active hours a day",
        about="From the first to the last commit of a person's day, the mean over days with a commit. A day with one"
        " commit counts as 0, and how many there are is told. A span of commits, not hours of work.",
        category="sustainability",
        unit=Unit.HOURS,
        better=Better.NEITHER,
        kind=Mean("active_hours"),
        fact="active_days",
        needs=("commits",),
        asides=(Aside("days with one commit", "1", "commits = 1"),),
    ),
    Metric(
        key="active_days",
        label="Active days",
        about="Different dates with a commit, by the author's own clock. Zero for whoever did other work in the"
        " period.",
        category="sustainability",
        unit=Unit.DAYS,
        better=Better.NEITHER,
        kind=Distinct("day"),
        fact="active_days",
        needs=("commits",),
        zero_if_active=True,
    ),
    Metric(
        key="focus_score",
        label="Focus",
        about="How concentrated commits are on few repositories: the sum over repositories of the squared share of"
        " commits. 1 is all in one. High focus can be depth or a silo: read it beside cross-team reviews.",
        category="sustainability",
        unit=Unit.SCORE,
        better=Better.NEITHER,
        kind=Span(f"arraySum(arrayMap(c -> c * c, {_BY_REPOSITORY} AS counts)) / pow(arraySum(counts), 2)"),
        fact="authored_commits",
        needs=("commits",),
        left_out=(MERGES,),
    ),
)
