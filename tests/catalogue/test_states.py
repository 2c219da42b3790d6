"""Five states: measured, no data, not collected, stale, unsupported. Missing is never 0."""

from __future__ import annotations

from datetime import date

import pytest

from core.base.period import between
from core.catalogue.scope import Scope
from core.catalogue.service import feeds, measure, watermark
from core.context import Context
from core.figures import State
from tests.catalogue.factories import WEEK, History, answered, at, fresh

STALE = "Complete only up to 6 Mar 2026, 12:00 UTC. Sync the source, or push newer records, to catch up."


def test_a_fact_that_nobody_feeds_is_not_collected(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-03 09:00")
    history.feed("commits")
    ctx = history.ingest(feeds=False)

    assert answered(ctx, "commits_count").state is State.MEASURED
    value = answered(ctx, "prs_merged")
    assert (value.value, value.state) == (None, State.NOT_COLLECTED)
    assert value.state_text == "Nothing collects pull requests. Connect GitHub or another host to see this."


def test_git_alone_tells_merges_but_not_clocks(ctx: Context) -> None:
    history = History(ctx)
    history.pr("ann", 1, first_commit="2026-03-02 09:00", merged="2026-03-03 09:00", approximate=1, source="git")
    history.feed("commits", "commit_files")
    history.feed("pull_requests", "reviews", approximate=True)
    ctx = history.ingest(feeds=False)

    assert answered(ctx, "prs_merged").value == 1
    assert answered(ctx, "first_commit_to_merge_hours").value == 24
    for key in ("avg_pr_cycle_time_hours", "pr_merge_rate", "avg_review_depth", "prs_opened", "pr_coding_hours"):
        value = answered(ctx, key)
        assert (value.value, value.state) == (None, State.NOT_COLLECTED), key
        assert "Git alone does not tell enough" in value.state_text


def test_where_a_host_feeds_one_repository_rows_told_by_git_are_left_out_of_clocks(ctx: Context) -> None:
    history = History(ctx)
    history.pr("ann", 1, opened="2026-03-03 09:00", merged="2026-03-03 19:00", repo="app")
    history.pr("ann", 1, merged="2026-03-04 09:00", repo="web", approximate=1)
    history.feed(repo="app")
    history.feed(repo="web", approximate=True)
    ctx = history.ingest(feeds=False)

    assert answered(ctx, "prs_merged").value == 2
    value = answered(ctx, "avg_pr_cycle_time_hours")
    assert (value.value, value.excluded) == (10, {"told by git alone": 1})
    by_repo = measure(ctx, ["avg_pr_cycle_time_hours"], WEEK, ["repo"])
    assert by_repo.get("avg_pr_cycle_time_hours", history.repos["app"]).state is State.MEASURED
    assert by_repo.get("avg_pr_cycle_time_hours", history.repos["web"]).state is State.NOT_COLLECTED


@pytest.mark.parametrize(("read", "state"), [("2026-03-11 09:00", State.MEASURED), ("2026-03-10 11:00", State.STALE)])
def test_a_period_that_still_runs_is_fresh_if_its_source_was_read_within_a_day(
    ctx: Context, read: str, state: State
) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-09 10:00")
    history.feed(until=read)
    ctx = history.ingest(feeds=False)

    this_week = Scope(between(date(2026, 3, 9), date(2026, 3, 11)))
    assert measure(ctx, ["commits_count"], this_week).get("commits_count").state is state


def test_a_watermark_before_the_end_of_the_period_makes_a_value_stale(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-03 09:00")
    history.feed(until="2026-03-06 12:00")
    ctx = history.ingest(feeds=False)

    value = answered(ctx, "commits_count")
    assert (value.value, value.state) == (1, State.STALE)
    assert value.state_text == STALE
    days = measure(ctx, ["commits_count"], WEEK, ["day"])
    assert days.get("commits_count", "2026-03-03").state is State.MEASURED
    assert days.watermark == watermark(ctx) == at("2026-03-06 12:00")


def test_a_period_that_is_not_over_is_complete_up_to_now(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-10 09:00")
    history.feed(until="2026-03-11 12:00")
    ctx = history.ingest(feeds=False)

    assert answered(ctx, "commits_count", Scope(between(date(2026, 3, 9), date(2026, 3, 15)))).state is State.MEASURED
    assert answered(ctx, "commits_count", Scope(None)).state is State.MEASURED


def test_a_repository_that_was_not_read_yet_is_not_collected(ctx: Context) -> None:
    history = History(ctx)
    history.feed("commits", until="")
    ctx = fresh(ctx)

    value = answered(ctx, "commits_count")
    assert (value.state, value.state_text) == (
        State.NOT_COLLECTED,
        "The commits have not been read yet. Sync the source.",
    )


def test_zero_is_measured_for_whoever_was_active_and_no_data_for_others(ctx: Context) -> None:
    history = History(ctx)
    for name in ("ann", "bob", "cleo"):
        history.person(name)
    history.commit("ann", "2026-03-03 09:00")
    history.pr("bob", 1, opened="2026-03-03 09:00")
    ctx = history.ingest()

    answer = measure(ctx, ["commits_count", "prs_merged", "review_given_count"], WEEK, ["person"])

    for key, name in (("prs_merged", "ann"), ("commits_count", "bob"), ("review_given_count", "bob")):
        value = answer.get(key, name)
        assert (value.value, value.n, value.state) == (0, 0, State.MEASURED)
    assert answer.get("commits_count", "cleo").state is State.NO_DATA
    assert answered(ctx, "avg_commit_size", person="bob").state is State.NO_DATA


def test_what_a_value_is_does_not_depend_on_what_else_is_asked(ctx: Context) -> None:
    history = History(ctx)
    history.person("bob")
    history.pr("bob", 1, opened="2026-03-03 09:00")
    ctx = history.ingest()

    alone = measure(ctx, ["lines_added"], WEEK, ["person"]).get("lines_added", "bob")
    together = measure(ctx, ["lines_added", "commits_count", "prs_opened"], WEEK, ["person"]).get("lines_added", "bob")

    assert alone == together
    assert alone.value == 0


def test_a_quiet_week_is_a_gap_and_not_a_zero(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-03 09:00")
    ctx = history.ingest()

    weeks = measure(ctx, ["commits_count"], Scope(between(date(2026, 2, 16), date(2026, 3, 8))), ["week"])

    assert [value.group for value in weeks.values] == [("2026-03-02",)]
    assert weeks.get("commits_count", "2026-02-23").value is None


def test_of_a_time_that_was_not_read_nobody_says_that_nothing_happened(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-03 09:00")
    history.feed(until="2026-03-06 12:00")
    ctx = history.ingest(feeds=False)

    days = measure(ctx, ["commits_count"], WEEK, ["day"])
    weekend = answered(ctx, "commits_count", Scope(between(date(2026, 3, 7), date(2026, 3, 8))))

    assert days.get("commits_count", "2026-03-05").state is State.NO_DATA
    assert days.get("commits_count", "2026-03-06").state is State.NO_DATA, "half of it was read"
    for value in (days.get("commits_count", "2026-03-07"), weekend):
        assert (value.value, value.state) == (None, State.STALE)
        assert value.state_text == STALE


def test_what_cannot_be_grouped_so_is_unsupported(ctx: Context) -> None:
    history = History(ctx)
    history.pr("ann", 1, opened="2026-03-03 09:00", merged="2026-03-04 09:00")
    ctx = history.ingest()

    answer = measure(ctx, ["prs_merged"], WEEK, ["hour_of_week"])

    assert answer.values == []
    assert answer.get("prs_merged", "3").state is State.UNSUPPORTED


def test_feeds_tell_who_collects_what(ctx: Context) -> None:
    history = History(ctx)
    history.feed("commits", until="2026-03-06 12:00")
    ctx = fresh(ctx)

    feed = feeds(ctx)[0]
    assert (feed.repo, feed.fact, feed.source, feed.is_approximate) == ("app", "commits", "test", False)
