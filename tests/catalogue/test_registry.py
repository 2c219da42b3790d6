"""The declarations themselves: every metric of the definitions is there, and each can be asked and read."""

from __future__ import annotations

import pytest

from core.base.errors import NotFound
from core.catalogue import METRICS
from core.catalogue.fact import AXES
from core.catalogue.facts import FACTS, fact
from core.catalogue.metric import Distinct, Mean, Quantile, Span
from core.catalogue.metrics import CATEGORIES
from core.catalogue.relations import relation
from core.catalogue.service import evidence, explain, measure
from core.context import Context
from tests.catalogue.factories import FACTS as COLLECTED
from tests.catalogue.factories import WEEK, History

FIVE = {
    "velocity": "commits_count prs_merged lines_added lines_removed net_lines commit_frequency pr_throughput"
    " avg_commit_size",
    "efficiency": "avg_pr_cycle_time_hours pr_cycle_time_p50_hours pr_cycle_time_p75_hours pr_cycle_time_p90_hours"
    " avg_time_to_first_review_hours unreviewed_pr_ratio avg_pr_size pr_merge_rate first_commit_to_merge_hours"
    " rework_ratio",
    "quality": "review_participation_rate avg_review_depth review_turnaround_hours self_merge_rate",
    "sustainability": "weekend_commit_ratio late_night_commit_ratio longest_streak_days avg_daily_active_hours"
    " focus_score",
    "collaboration": "unique_collaborators cross_team_pr_ratio review_given_count review_received_count"
    " knowledge_sharing_score",
    "delivery": "deployment_frequency lead_time_hours lead_time_p75_hours lead_time_p90_hours"
    " lead_time_unmatched_ratio change_failure_rate recovery_time_hours incident_time_to_resolve_hours"
    " pr_coding_hours pr_draft_hours pr_pickup_hours pr_review_hours pr_merge_wait_hours pr_deploy_hours",
}


@pytest.mark.parametrize("category", FIVE)
def test_every_metric_of_the_definitions_is_declared(category: str) -> None:
    declared = {metric.key for metric in METRICS if metric.category == category}

    assert set(FIVE[category].split()) <= declared


@pytest.mark.parametrize("key", METRICS.keys())
def test_a_metric_can_be_read_by_a_manager(key: str) -> None:
    metric = METRICS.get(key)

    assert metric.category in CATEGORIES
    assert metric.about.endswith(".")
    assert len(metric.about) > 20
    assert set(metric.needs) <= set(COLLECTED)
    assert metric.needs
    assert metric.version >= 1
    assert fact(metric.fact).axes <= set(AXES)
    assert metric.zero_if_active is False or metric.kind.name in ("sum", "distinct", "ratio")
    assert "zero for whoever" in metric.about.lower() or not metric.zero_if_active


def test_kinds_that_cannot_be_summed_have_no_sum() -> None:
    for kind in (Quantile("hours", 0.5), Distinct("day"), Span("count()")):
        assert not kind.is_additive
        assert not hasattr(kind, "of")
    assert Mean("hours").of(10, 4) == 2.5


def test_an_unknown_fact_names_the_nearest() -> None:
    with pytest.raises(NotFound, match="Did you mean 'finished_prs'"):
        fact("finished_pr")


@pytest.mark.parametrize("key", FACTS)
def test_a_fact_has_a_file_that_says_what_it_is(key: str) -> None:
    assert relation(key).startswith(("SELECT", "WITH"))


def test_every_metric_can_be_asked_by_everything_it_claims(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.member("ann", "red")
    history.commit("ann", "2026-03-03 09:00")
    ctx = history.ingest()

    for axis in AXES:
        keys = [metric.key for metric in METRICS if axis in fact(metric.fact).axes]
        assert measure(ctx, keys, WEEK, [axis]).by == (axis,)


def test_every_number_can_be_explained_and_shows_its_rows(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.commit("ann", "2026-03-03 09:00")
    ctx = history.ingest()

    for metric in METRICS:
        told = explain(ctx, metric.key, WEEK)
        table = evidence(ctx, metric.key, WEEK)
        assert (told.definition, told.version) == (metric.about, metric.version)
        assert told.sql.startswith("WITH")
        assert [column.key for column in table.cols] == [column.key for column in fact(metric.fact).evidence]
        assert (len(table.rows) > 0) == (told.n > 0), metric.key


def test_no_two_metrics_are_called_the_same() -> None:
    labels = [metric.label.casefold() for metric in METRICS]

    assert sorted(labels) == sorted(set(labels))
