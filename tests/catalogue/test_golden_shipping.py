"""Which deployment took which pull request, and why some took or were taken by none, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.base.errors import NotAllowed
from core.catalogue import shipping
from core.catalogue.service import repositories
from core.catalogue.shipping import FAILURES, MATCHED, MISSED
from core.context import ROLES, Actor, Context
from tests.catalogue.factories import WEEK, History


@pytest.fixture
def shipped(ctx: Context) -> Context:
    """A baseline on the 2nd; 2 and 3 go out on the 3rd; 4 is listed on the 5th, 5 is not; 6 waits; web has none."""
    history = History(ctx)
    history.person("ann")
    history.pr("ann", 1, merged="2026-03-02 09:00", first_commit="2026-03-01 09:00")
    history.deploy("2026-03-02 12:00", deployment_key="base", sha="a0")
    history.pr("ann", 2, merged="2026-03-02 13:00", first_commit="2026-03-02 07:00")
    history.pr("ann", 3, merged="2026-03-03 06:00", first_commit="2026-03-03 05:00")
    history.deploy("2026-03-03 10:00", "failure", deployment_key="broke", failed=1, failure_link="status", sha="b1")
    history.deploy("2026-03-03 11:00", "cancelled", deployment_key="stopped", sha="b1")
    history.deploy("2026-03-03 11:30", deployment_key="stage", is_production=0, environment="staging", sha="b1")
    history.deploy("2026-03-03 12:00", deployment_key="third", sha="b2")
    history.deploy("2026-03-03 13:00", deployment_key="again", sha="b2")
    history.deploy("2026-03-03 14:00", deployment_key="idle", sha="b3")
    history.pr("ann", 4, merged="2026-03-04 12:00", first_commit="2026-03-03 12:00")
    history.pr("ann", 5, merged="2026-03-04 13:00")
    history.deploy("2026-03-05 12:00", deployment_key="fifth", pr_numbers=[4], sha="c1")
    history.incident("2026-03-05 13:00", "2026-03-05 15:00", deployment_key="fifth")
    history.deploy("2026-03-05 16:00", deployment_key="late", pr_numbers=[4], sha="c2")
    history.pr("ann", 6, merged="2026-03-06 12:00")
    history.pr("ann", 9, repo="web", merged="2026-03-06 11:00")
    return history.ingest()


def told(found: shipping.Listed, *names: str) -> list[tuple[object, ...]]:
    keys = [column.key for column in found.table.cols]
    return [tuple(row[keys.index(name)] for name in names) for row in found.table.rows]


def app(ctx: Context) -> str:
    return next(one.id for one in repositories(ctx) if one.name == "app")


def test_each_deployment_says_what_it_took_and_how(shipped: Context) -> None:
    found = shipping.deployments(shipped, WEEK)

    said = dict(zip((key for _, key in found.keys), told(found, "pulls", "matched_by"), strict=True))
    assert [count for (count,) in told(found, "taken")] == [0, 1, 0, 0, 2, 0, 0, 0, 0]
    assert said == {
        "base": (None, MATCHED["baseline"]),
        "broke": (None, MATCHED["unsuccessful"]),
        "stopped": (None, MATCHED["cancelled"]),
        "stage": (None, MATCHED["no production"]),
        "third": ("#2 #3", MATCHED["next"]),
        "again": (None, MATCHED["same commit"]),
        "idle": (None, MATCHED["nothing merged"]),
        "fifth": ("#4", MATCHED["listed"]),
        "late": (None, MATCHED["taken before"]),
    }


def test_a_failure_says_by_what_it_is_linked(shipped: Context) -> None:
    found = shipping.deployments(shipped, WEEK, shown="failure")

    keys = [key for _, key in found.keys]
    assert dict(zip(keys, told(found, "failure_link", "recovery_hours"), strict=True)) == {
        "fifth": (FAILURES["incident"], 3),
        "broke": (FAILURES["status"], None),
    }


def test_what_no_deployment_took_says_why(shipped: Context) -> None:
    found = shipping.left(shipped, WEEK)

    assert told(found, "number", "missed_by") == [
        (6, MISSED["none since"]), (9, MISSED["none recorded"]), (5, MISSED["not listed"]), (1, MISSED["history"]),
    ]  # fmt: skip
    assert told(shipping.left(shipped, WEEK, why="history"), "number") == [(1,)]
    assert told(shipping.left(shipped, WEEK, words="#5"), "number") == [(5,)]


def test_a_deployment_lists_what_it_took_with_its_clocks(shipped: Context) -> None:
    found = shipping.taken(shipped, WEEK, app(shipped), "third")

    assert told(found, "number", "matched_by", "deploy_hours", "lead_hours") == [
        (3, MATCHED["next"], 6, 7),
        (2, MATCHED["next"], 23, 29),
    ]


def test_lists_are_searched_cut_and_kept_as_files(shipped: Context) -> None:
    assert [key for _, key in shipping.deployments(shipped, WEEK, "#3").keys] == ["third"]
    assert [key for _, key in shipping.deployments(shipped, WEEK, "STAGING").keys] == ["stage"]
    assert len(shipping.deployments(shipped, WEEK, shown="took some").keys) == 2
    cut = shipping.deployments(shipped, WEEK, limit=2)
    assert (len(cut.keys), cut.table.total_rows) == (2, 9)
    whole = shipping.every_left(shipped, WEEK)
    labels = [column.label for column in whole.columns]
    assert labels == ["Repository", "Number", "Title", "Person", "Merged (UTC)", "Why", "Link"]
    rows = [list(row) for batch in whole.batches for row in batch]
    assert rows == shipping.left(shipped, WEEK).table.rows and whole.total == len(rows) == 4


def test_pull_requests_are_hidden_with_individuals_and_deployments_are_not(shipped: Context) -> None:
    hidden = replace(shipped.workspace, individuals="managers")
    viewer = replace(shipped, actor=Actor("u", "Vera", "viewer", ROLES["viewer"]), workspace=hidden)

    assert len(shipping.deployments(viewer, WEEK).keys) == 9
    for door in (lambda: shipping.left(viewer, WEEK), lambda: shipping.taken(viewer, WEEK, app(viewer), "third")):
        with pytest.raises(NotAllowed, match="hides those from your role"):
            door()
