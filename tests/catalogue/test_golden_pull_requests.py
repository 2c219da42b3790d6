"""Pull-request and review metrics over small histories whose answers are worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from core.base.period import between
from core.catalogue.scope import Scope
from core.catalogue.service import measure
from core.context import Context
from core.figures import State
from tests.catalogue.factories import WEEK, History, answered

PHASES = ("pr_coding_hours", "pr_draft_hours", "pr_pickup_hours", "pr_review_hours", "pr_merge_wait_hours")


@pytest.fixture
def three(ctx: Context) -> Context:
    """Three pull requests of Ann's, all merged in the week.

    1: a draft for a day; 10 h from ready to merged, answered after 2 h, approved after 6 h.
    2: never a draft; 30 h open, commented on after 4 h, changes requested after 5 h, never approved, merged by Ann.
    3: 2 h open, nobody looked at it, merged by Ann.
    """
    history = History(ctx)
    for name in ("ann", "bob", "cleo"):
        history.person(name)
    history.person("robot", is_bot=True)
    history.pr(
        "ann", 1, first_commit="2026-03-01 20:00", opened="2026-03-02 08:00", ready="2026-03-03 08:00",
        merged="2026-03-03 18:00", merged_by="bob", additions=80, deletions=20,
    )  # fmt: skip
    history.review("robot", 1, "2026-03-03 08:01", "commented")
    history.review("ann", 1, "2026-03-03 08:30", "commented")
    history.comment("bob", 1, "2026-03-03 10:00")
    history.review("bob", 1, "2026-03-03 14:00", "approved", comments=3)
    history.pr(
        "ann", 2, first_commit="2026-03-03 12:00", opened="2026-03-03 10:00", merged="2026-03-04 16:00",
        merged_by="ann", additions=10, deletions=0,
    )  # fmt: skip
    history.comment("cleo", 2, "2026-03-03 14:00")
    history.review("bob", 2, "2026-03-03 15:00", "changes_requested", comments=5)
    history.review("bob", 2, "2026-03-04 17:00", "approved")
    history.pr(
        "ann", 3, first_commit="2026-03-05 07:00", opened="2026-03-05 08:00", merged="2026-03-05 10:00",
        merged_by="ann", additions=1, deletions=1,
    )  # fmt: skip
    history.pr("ann", 4, opened="2026-03-05 08:00", closed="2026-03-06 08:00")
    history.pr("bob", 5, opened="2026-03-05 08:00")
    return history.ingest()


def test_prs_merged_and_opened(three: Context) -> None:
    assert answered(three, "prs_merged", person="ann").value == 3
    assert answered(three, "prs_opened", person="ann").value == 4
    bob = answered(three, "prs_merged", person="bob")
    assert (bob.value, bob.n, bob.state) == (0, 0, State.MEASURED)


def test_pr_throughput_is_per_seven_days(three: Context) -> None:
    two_weeks = Scope(between(date(2026, 2, 23), date(2026, 3, 8)))

    assert answered(three, "pr_throughput", person="ann").value == pytest.approx(3)
    assert answered(three, "pr_throughput", two_weeks, "ann").value == pytest.approx(1.5)


def test_cycle_time_starts_when_ready_else_opened(three: Context) -> None:
    value = answered(three, "avg_pr_cycle_time_hours", person="ann")

    assert value.value == pytest.approx((10 + 30 + 2) / 3)
    assert (value.numerator, value.denominator, value.n) == (42, 3, 3)


def test_cycle_time_percentiles_lie_between_their_neighbours(three: Context) -> None:
    # 2, 10, 30: the median is 10; 75 % lies halfway from 10 to 30; 90 % four fifths of the way.
    assert answered(three, "pr_cycle_time_p50_hours").value == pytest.approx(10)
    assert answered(three, "pr_cycle_time_p75_hours").value == pytest.approx(20)
    assert answered(three, "pr_cycle_time_p90_hours").value == pytest.approx(26)


def test_time_to_first_review_takes_humans_other_than_the_author(three: Context) -> None:
    value = answered(three, "avg_time_to_first_review_hours", person="ann")

    assert value.value == pytest.approx((2 + 4) / 2)
    assert value.excluded == {"unreviewed pull requests": 1}
    assert answered(three, "unreviewed_pr_ratio", person="ann").value == pytest.approx(1 / 3)


def test_avg_pr_size_and_merge_rate(three: Context) -> None:
    assert answered(three, "avg_pr_size", person="ann").value == pytest.approx((100 + 10 + 2) / 3)
    assert answered(three, "pr_merge_rate", person="ann").value == pytest.approx(3 / 4)


def test_a_clock_that_runs_backwards_is_unknown(three: Context) -> None:
    # Number 2's first commit is later than its opening (a rebase): coding is unknown, first commit to merge is 28 h.
    value = answered(three, "first_commit_to_merge_hours", person="ann")
    assert value.value == pytest.approx((46 + 28 + 3) / 3)

    assert answered(three, "pr_coding_hours").excluded == {"with an unknown phase": 2}


def test_rework_needs_a_request_or_a_later_push(ctx: Context) -> None:
    history = History(ctx)
    for number in (1, 2, 3, 4):
        history.pr("ann", number, opened="2026-03-02 08:00", merged="2026-03-04 08:00")
    history.review("bob", 1, "2026-03-02 10:00", "changes_requested")
    history.review("bob", 2, "2026-03-02 10:00", "commented")
    history.pr_commit("ann", 2, "2026-03-02 11:00")
    history.review("bob", 3, "2026-03-02 10:00", "approved")
    history.pr_commit("ann", 3, "2026-03-02 09:00")
    ctx = history.ingest()

    value = answered(ctx, "rework_ratio")
    assert value.value == pytest.approx(2 / 3)
    assert value.excluded == {"unreviewed pull requests": 1}


def test_phases_add_up_exactly(three: Context) -> None:
    answer = measure(three, [*PHASES, "pr_total_hours"], WEEK)

    # Only number 1 has every phase: 12 h coding, 24 h draft, 2 h pickup, 4 h review, 4 h merge wait.
    assert [answer.get(key).value for key in PHASES] == [12, 24, 2, 4, 4]
    assert answer.get("pr_total_hours").value == 46
    assert {answer.get(key).n for key in PHASES} == {1}


def test_self_merge_needs_no_approval_by_somebody_else(three: Context) -> None:
    value = answered(three, "self_merge_rate", person="ann")

    # Number 2's approval came after the merge.
    assert value.value == pytest.approx(2 / 3)
    assert value.asides == {"merged by their author": 2}


def test_review_depth_and_counts(three: Context) -> None:
    assert answered(three, "avg_review_depth", person="bob").value == pytest.approx((3 + 5 + 0) / 3)
    assert answered(three, "review_given_count", person="bob").value == 3
    assert answered(three, "review_received_count", person="ann").value == 3
    assert answered(three, "review_received_count", person="ann").excluded == {"bots": 1}
    assert answered(three, "review_given_count", person="cleo").state is State.NO_DATA


def test_review_turnaround_runs_from_the_later_of_request_and_ready(ctx: Context) -> None:
    history = History(ctx)
    history.pr("ann", 1, opened="2026-03-02 08:00", ready="2026-03-02 12:00")
    history.request("bob", 1, "2026-03-02 09:00")
    history.review("bob", 1, "2026-03-02 15:00", "commented")
    history.request("bob", 1, "2026-03-03 10:00")
    history.review("bob", 1, "2026-03-03 11:00", "approved")
    history.review("cleo", 1, "2026-03-02 11:00", "commented")
    ctx = history.ingest()

    value = answered(ctx, "review_turnaround_hours")
    # Bob: 3 h since it was ready, then 1 h since he was asked again. Cleo was earlier than ready: unknown.
    assert value.value == pytest.approx((3 + 1) / 2)
    assert value.excluded == {"unknown": 1}


def test_review_participation_counts_prs_where_the_person_was_active(ctx: Context) -> None:
    history = History(ctx)
    for name in ("ann", "bob", "cleo"):
        history.person(name)
    history.commit("bob", "2026-02-01 09:00")
    history.commit("cleo", "2025-12-01 09:00")  # more than 90 days before
    history.pr("ann", 1, opened="2026-03-02 08:00")
    history.pr("ann", 2, opened="2026-03-03 08:00")
    history.pr("ann", 3, opened="2026-03-03 08:00", repo="web")
    history.review("bob", 1, "2026-03-10 09:00")
    ctx = history.ingest()

    value = answered(ctx, "review_participation_rate", person="bob")
    assert (value.value, value.n) == (pytest.approx(1 / 2), 2)
    assert answered(ctx, "review_participation_rate", person="cleo").state is State.NO_DATA
    assert answered(ctx, "review_participation_rate", person="ann").state is State.NO_DATA


def test_knowledge_sharing_is_given_over_both(three: Context) -> None:
    value = answered(three, "knowledge_sharing_score", person="bob")
    assert (value.value, value.asides) == (1.0, {"reviews given": 3})

    everybody = answered(three, "knowledge_sharing_score")
    assert everybody.value == pytest.approx(0.5)
    assert everybody.asides == {"reviews given": 3, "reviews received": 3}


def test_unique_collaborators_come_from_reviews_and_shared_commits(ctx: Context) -> None:
    history = History(ctx)
    for name in ("ann", "bob", "cleo", "dan", "eve"):
        history.person(name)
    history.person("robot", is_bot=True)
    history.commit("ann", "2026-03-03 09:00", co_author_ids=history.ids("bob", "robot"))
    history.commit("ann", "2026-03-03 10:00", co_author_ids=history.ids("bob"), reviewer_ids=history.ids("dan"))
    history.pr("ann", 1, opened="2026-03-04 09:00")
    history.review("cleo", 1, "2026-03-04 10:00")
    history.commit("eve", "2026-03-04 10:00")
    ctx = history.ingest()

    assert answered(ctx, "unique_collaborators", person="ann").value == 3
    assert answered(ctx, "unique_collaborators", person="cleo").value == 1
    assert answered(ctx, "unique_collaborators", person="eve").value == 0


def test_cross_team_looks_at_the_teams_of_the_reviews_day(ctx: Context) -> None:
    history = History(ctx)
    for name in ("ann", "bob", "cleo", "dan"):
        history.person(name)
    history.member("ann", "red")
    history.member("bob", "red", until="2026-03-04")
    history.member("bob", "blue", since="2026-03-04")
    history.pr("ann", 1, opened="2026-03-02 09:00", merged="2026-03-05 09:00")
    history.review("bob", 1, "2026-03-03 09:00")  # still of the same team
    history.pr("ann", 2, opened="2026-03-02 09:00", merged="2026-03-05 09:00")
    history.review("bob", 2, "2026-03-04 09:00")  # moved that day
    history.pr("ann", 3, opened="2026-03-02 09:00", merged="2026-03-05 09:00")
    history.review("cleo", 3, "2026-03-04 09:00")  # of no team
    history.pr("ann", 4, opened="2026-03-02 09:00", merged="2026-03-05 09:00")  # not reviewed
    history.pr("dan", 5, opened="2026-03-02 09:00", merged="2026-03-05 09:00")
    history.review("bob", 5, "2026-03-04 09:00")  # author of no team
    ctx = history.ingest()

    value = answered(ctx, "cross_team_pr_ratio")
    assert value.value == pytest.approx(1 / 3)
    assert value.excluded == {"by authors without a team": 1}


def test_a_review_trailer_without_a_pull_request_has_both_sides(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.person("bob")
    sha = history.commit("ann", "2026-02-20 09:00")["sha"]
    history.review("bob", 0, "2026-03-03 09:00", review_key=f"{sha}:1", approximate=1, source="git")
    ctx = history.ingest()

    assert answered(ctx, "review_given_count", person="bob").value == 1
    assert answered(ctx, "review_received_count", person="ann").value == 1
