"""What is planned, and how far it is: pushed as records, worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace

from core.catalogue import milestones, pulls
from core.catalogue.pulls import Wish
from core.context import ROLES, Actor, Context
from tests.catalogue.factories import WEEK
from tests.records.conftest import Told

DONE = {"opened_at": "2026-03-02T09:00:00Z", "closed_at": "2026-03-04T09:00:00Z"}
OPEN = {"opened_at": "2026-03-02T09:00:00Z"}


def pushed(told: Told) -> None:
    """Plan 1 was due on the 10th, 2 of 5 done; Plan 2 is due in June; Plan 3 is closed. It is the 11th of March."""
    rows = {
        "milestone": [
            {"number": 1, "title": "Invoices", "opened_at": "2026-01-05T09:00:00Z", "due_at": "2026-03-10T00:00:00Z"},
            {"number": 2, "title": "Later", "opened_at": "2026-01-05T09:00:00Z", "due_at": "2026-06-01T00:00:00Z"},
            {"number": 3, "title": "Past", "opened_at": "2025-01-05T09:00:00Z", "closed_at": "2025-02-05T09:00:00Z"},
        ],
        "issue": [
            {"number": 11, "title": "a", "milestone": 1, **DONE},
            {"number": 12, "title": "b", "milestone": 1, **OPEN},
            {"number": 13, "title": "c", "milestone": 2, **OPEN},
            {"number": 14, "title": "d", **OPEN},
        ],
        "pull_request": [
            {"number": 21, "title": "e", "milestone": 1, "opened_at": "2026-03-02T09:00:00Z",
             "merged_at": "2026-03-04T09:00:00Z", "author": "ada@example.org"},
            {"number": 22, "title": "f", "milestone": 1, "author": "ada@example.org", **OPEN},
            {"number": 23, "title": "g", "milestone": 1, "author": "ada@example.org", **OPEN},
            {"number": 24, "title": "h", "milestone": 1, "author": "ada@example.org", **DONE},  # without a merge
            {"number": 25, "title": "i", "author": "ada@example.org", **OPEN},
        ],
    }  # fmt: skip
    for kind, records in rows.items():
        done = told(kind, json.dumps(records), fmt="json")
        assert not done.refused


def cells(found: milestones.Listed, *names: str) -> list[tuple[object, ...]]:
    keys = [column.key for column in found.table.cols]
    return [tuple(row[keys.index(name)] for name in names) for row in found.table.rows]


def test_each_milestone_says_when_it_is_due_and_how_far_it_is(ctx: Context, told: Told) -> None:
    pushed(told)

    found = milestones.milestones(ctx, WEEK)

    counted = ("title", "stands", "progress", "closed_issues", "open_issues", "merged_pulls", "open_pulls")
    assert cells(found, *counted) == [
        ("Invoices", "Overdue", 2 / 5, 1, 1, 1, 2),
        ("Later", "Open", 0, 0, 1, 0, 0),
        ("Past", "Closed", None, 0, 0, 0, 0),
    ]
    assert cells(milestones.milestones(ctx, WEEK, state="overdue"), "title") == [("Invoices",)]
    assert cells(milestones.milestones(ctx, WEEK, "LATER"), "title") == [("Later",)]


def test_a_milestone_lists_what_is_planned_for_it_open_first(ctx: Context, repo: str, told: Told) -> None:
    pushed(told)

    listed = cells(milestones.work(ctx, repo, 1), "number", "state")

    assert sorted(listed[:3]) == [(12, "open"), (22, "open"), (23, "open")]
    assert sorted(listed[3:]) == [(11, "closed"), (21, "merged"), (24, "closed")]


def test_the_explorer_finds_pull_requests_by_their_milestone(ctx: Context, repo: str, told: Told) -> None:
    pushed(told)

    numbers = [number for _, number in pulls.found(ctx, WEEK, Wish(milestone=(repo, 1))).keys]

    assert sorted(numbers) == [21, 22, 23, 24]
    assert len(pulls.found(ctx, WEEK, Wish(words="invoices")).keys) == 4


def test_milestones_are_of_nobody_and_shown_to_everybody(ctx: Context, told: Told) -> None:
    pushed(told)
    hidden = replace(ctx.workspace, individuals="self")
    viewer = replace(ctx, actor=Actor("u", "Vera", "viewer", ROLES["viewer"]), workspace=hidden)

    assert len(milestones.milestones(viewer, WEEK).keys) == 3
