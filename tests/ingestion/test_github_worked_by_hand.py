"""From GitHub's replies to DORA and the phases: a week with everything that is rare, worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.base.period import between
from core.catalogue.scope import Scope
from core.catalogue.service import measure
from core.context import Context
from core.ingestion import service
from core.ingestion.rules import service as rules
from core.people import service as people
from tests.catalogue.factories import answered
from tests.ingestion.provided import account, follow, rows
from tests.servers import github_data as data
from tests.servers.github_replies import TOKEN, github

PHASES = ("pr_coding_hours", "pr_draft_hours", "pr_pickup_hours", "pr_review_hours", "pr_merge_wait_hours")
MONDAY = datetime.fromisoformat("2025-04-14T00:00:00+00:00")
WEEK = Scope(between(date(2025, 4, 14), date(2025, 4, 20)))


def at(day: int, hour: float) -> datetime:
    """The hour of a day of the week, Monday being 0."""
    return MONDAY + timedelta(days=day, hours=hour)


def pulls() -> list[dict[str, Any]]:
    return [
        # Squashed: three commits, the first of Sunday 23:00, became one at the merge.
        data.pull(1, "ada", at(0, 9), merged=at(1, 15),
                  commits=[data.commit(f"1-{n}", "ada", at(0, hour)) for n, hour in enumerate((-1, 4, 8))],
                  reviews=[data.review(10, "ben", "COMMENTED", at(0, 11), body="Hm."),
                           data.review(11, "ben", "APPROVED", at(1, 5))]),
        # Rebased: its only commit was written anew, three hours after it was opened.
        data.pull(2, "dan", at(0, 9), merged=at(1, 9), commits=[data.commit("2-0", "dan", at(0, 12))],
                  reviews=[data.review(20, "cleo", "APPROVED", at(0, 15))]),
        # A draft for a day.
        data.pull(3, "eve", at(1, 9), merged=at(2, 17), comments=[data.comment(300, "dan", at(2, 11))],
                  reviews=[data.review(30, "dan", "APPROVED", at(2, 15))],
                  timelineItems=[data.event("ReadyForReviewEvent", at(2, 9))]),
        # Closed on Tuesday, opened again on Wednesday.
        data.pull(4, "ben", at(0, 9), merged=at(4, 9), reviews=[data.review(40, "eve", "APPROVED", at(3, 9))],
                  timelineItems=[data.event("ClosedEvent", at(1, 9)), data.event("ReopenedEvent", at(2, 9))]),
        # Merged by its author; approved two hours later.
        data.pull(5, "ada", at(1, 9), merged=at(1, 13), mergedBy=data.user("ada"),
                  reviews=[data.review(50, "ben", "APPROVED", at(1, 15))]),
        # A bot was first; the person who approved has no account any more.
        data.pull(6, "cleo", at(2, 9), merged=at(2, 15),
                  reviews=[data.review(60, "linter[bot]", "APPROVED", at(2, 9.5)),
                           data.review(61, None, "APPROVED", at(2, 13))]),
        # Takes the first one back.
        data.pull(7, "ada", at(3, 9), merged=at(3, 10), title='Revert "Change 1"',
                  reviews=[data.review(70, "ben", "APPROVED", at(3, 9.5))]),
        # Closed and opened again, and open since.
        data.pull(8, "ben", at(0, 9), timelineItems=[
            data.event("ClosedEvent", at(1, 9)), data.event("ReopenedEvent", at(1, 10))]),
    ]  # fmt: skip


def runs() -> list[dict[str, Any]]:
    """What deploys: (hour, how it ended, commit)."""
    told = [
        (at(0, 8), "success", "a"),  # the first that is known: a baseline
        (at(1, 20), "success", "b"),  # takes 1, 2 and 5
        (at(1, 21), "success", "b"),  # the same commit once more: takes nothing
        (at(2, 10), "cancelled", "c"),
        (at(2, 20), "failure", "d"),
        (at(3, 8), "success", "e"),  # takes 3 and 6, twelve hours after the failure
        (at(4, 20), "success", "f"),  # takes 4 and 7
    ]
    return [
        data.run(n, when, ended, updated_at=data.text(when), head_sha=data.sha(commit))
        for n, (when, ended, commit) in enumerate(told, 1)
    ]


def trouble() -> dict[str, Any]:
    """Three hours that no deployment is linked to."""
    return data.issue(
        900, labels=[{"name": "incident"}], state="CLOSED", createdAt=data.text(at(2, 1)),
        updatedAt=data.text(at(2, 4)), closedAt=data.text(at(2, 4)),
    )  # fmt: skip


@pytest.fixture
def read(ctx: Context) -> Context:
    with github(data.repository(pullRequests=pulls(), runs=runs(), issues=[trouble()])) as hub:
        source = follow(ctx, account(ctx, hub.url, TOKEN), "acme/api")[0]
        service.sync(ctx, source.id)
    rules.choose(ctx, "deployments", "workflow_runs", {"branch": "main"}, source.repo_id)
    rules.choose(ctx, "incidents", "labels", {"pattern": "incident"})
    return ctx


def test_phases_and_dora_are_those_that_were_worked_out(read: Context) -> None:
    answer = measure(read, [*PHASES, "pr_total_hours"], WEEK)
    # By number: 1 took 10 + 0 + 2 + 18 + 10 hours, 3 took 2 + 24 + 2 + 4 + 2, 4 took 2 + 0 + 72 + 0 + 24,
    # 6 took 2 + 0 + 4 + 0 + 2, 7 took 2 + 0 + ½ + 0 + ½. 2's coding runs backwards; nobody answered 5 in time.
    assert [answer.get(key).value for key in PHASES] == pytest.approx([3.6, 4.8, 16.1, 4.4, 7.7])
    assert answer.get("pr_total_hours").value == pytest.approx((40 + 34 + 98 + 8 + 3) / 5)
    assert answer.get("pr_total_hours").excluded == {"with an unknown phase": 2}

    # From the earliest commit to the deployment: 45, 32 and 13 h; 49 and 25 h; 109 and 37 h.
    lead = answered(read, "lead_time_hours", WEEK)
    assert (lead.value, lead.n) == (pytest.approx(37), 7)
    assert answered(read, "lead_time_unmatched_ratio", WEEK).value == 0
    assert answered(read, "deployment_frequency", WEEK).value == pytest.approx(5 / 7)
    failed = answered(read, "change_failure_rate", WEEK)
    assert (failed.numerator, failed.denominator) == (1, 6)
    assert failed.excluded == {"cancelled": 1}
    assert answered(read, "recovery_time_hours", WEEK).value == pytest.approx(12)
    assert answered(read, "incident_time_to_resolve_hours", WEEK).value == pytest.approx(3)

    # 1 and 5 and 7 are Ada's: 5 alone was merged by her, and its approval came too late.
    ada = people.person(read, "ada").id
    merged = answered(read, "self_merge_rate", WEEK, person=ada)
    assert (merged.numerator, merged.denominator) == (1, 3)
    # Seven were merged, and the one that was opened again is open.
    assert answered(read, "prs_merged", WEEK).value == 7
    assert answered(read, "pr_merge_rate", WEEK).value == 1
    assert answered(read, "open_prs_count", WEEK).value == 1


def test_a_squash_keeps_its_first_commit_and_the_merge_s_own(read: Context) -> None:
    (repo,) = {row["repo_id"] for row in read.metrics.rows(
        "SELECT repo_id FROM pull_requests WHERE workspace_id = {w:String}", {"w": read.workspace.id})}  # fmt: skip
    first = rows(read, repo, "pull_requests", "number")[0]

    assert first["merge_sha"] == data.sha("merge 1")
    assert first["first_commit_at"] == at(0, -1).replace(tzinfo=None)
    assert first["commits"] == 3
