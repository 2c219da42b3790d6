"""Numbers of components over a small monorepo whose answers are worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.catalogue.evidence import within
from core.catalogue.scope import UNASSIGNED, Scope
from core.catalogue.service import Question, evidence, explain, measure, measure_together
from core.components import placing
from core.components import service as components
from core.components.views import Lines, Wish
from core.context import Context
from core.figures import State
from tests.catalogue.factories import WEEK, History, fresh

BILLING, SERVICES = "services/billing/", "services/"


def made(ctx: Context, history: History, **patterns: list[str]) -> dict[str, str]:
    """Components of the repository app, by name."""
    lines = {name: (Lines(history.repo("app"), tuple(texts)),) for name, texts in patterns.items()}
    return {name: components.save(ctx, Wish(name, lines=its)) for name, its in lines.items()}


def change(history: History, author: str, when: str, files: dict[str, tuple[int, int]], **given: object) -> str:
    """A commit and the files that it changed: {path: (added, removed)}; a path that ends in .lock is generated."""
    hand = {path: lines for path, lines in files.items() if not path.endswith(".lock")}
    made_by = {path: lines for path, lines in files.items() if path.endswith(".lock")}
    row = history.commit(
        author, when, additions=sum(a for a, _ in hand.values()), deletions=sum(d for _, d in hand.values()),
        files=len(hand), generated_additions=sum(a for a, _ in made_by.values()),
        generated_deletions=sum(d for _, d in made_by.values()), generated_files=len(made_by), **given,
    )  # fmt: skip
    repo = next(name for name, id_ in history.repos.items() if id_ == row["repo_id"])
    for path, (added, removed) in files.items():
        history.file(
            author, when, path, repo=repo, sha=row["sha"], additions=added, deletions=removed,
            generated=int(path in made_by),
        )  # fmt: skip
    return str(row["sha"])


@pytest.fixture
def monorepo(ctx: Context) -> tuple[Context, dict[str, str], History]:
    """Billing lies inside Services; Web is apart; docs/ is in none. A second repository has no rules.

    Monday     ann  billing 10/1 and web 5/0            #1
    Tuesday    ann  services/api 7/2 (not billing)      #2
    Wednesday  bob  docs 3/0                            #3
    Thursday   bob  billing 4/4, its lock file 900/0    no pull request
    Friday     bob  repository lib, 6/0                 #1 of lib
    Saturday   cy   nothing: an empty commit
    """
    history = History(ctx)
    for name in ("ann", "bob", "cy"):
        history.person(name)
    one = change(history, "ann", "2026-03-02 09:00", {"services/billing/a.py": (10, 1), "web/a.ts": (5, 0)})
    two = change(history, "ann", "2026-03-03 09:00", {"services/api/a.py": (7, 2)})
    three = change(history, "bob", "2026-03-04 09:00", {"docs/a.md": (3, 0)})
    change(history, "bob", "2026-03-05 09:00", {"services/billing/b.py": (4, 4), "services/billing/uv.lock": (900, 0)})
    lib = change(history, "bob", "2026-03-06 09:00", {"services/billing/a.py": (6, 0)}, repo="lib")
    history.commit("cy", "2026-03-07 09:00", additions=0, deletions=0, files=0)
    for number, sha, author in ((1, one, "ann"), (2, two, "ann"), (3, three, "bob")):
        history.pr(author, number, opened=f"2026-03-0{number + 1} 10:00", merged=f"2026-03-0{number + 1} 12:00",
                   merge_sha=sha if number == 3 else "")  # fmt: skip
        if number != 3:
            history.pr_commit(author, number, f"2026-03-0{number + 1} 09:30")
            history.tables["pr_commits"][-1]["sha"] = sha
        history.review("cy", number, f"2026-03-0{number + 1} 11:00", comments=number)
    history.pr("bob", 1, repo="lib", opened="2026-03-06 10:00", merged="2026-03-06 12:00", merge_sha=lib)
    history.line(
        "bob", "2026-03-05 09:00", "services/billing/a.py", lines=3, previous="ann", written="2026-03-02 09:00"
    )
    history.line("bob", "2026-03-05 09:00", "services/billing/b.py", lines=1)
    history.line("ann", "2026-03-02 09:00", "web/a.ts", lines=2)
    for path in ("services/billing/a.py", "services/billing/b.py", "services/api/a.py", "web/a.ts", "docs/a.md"):
        history.tree(path)
    ctx = history.ingest()
    ids = made(ctx, history, Billing=[BILLING], Services=[SERVICES], Web=["/web/**"])
    return fresh(ctx), ids, history


def asked(ctx: Context, key: str, *component_ids: str, scope: Scope = WEEK) -> float | None:
    return measure(ctx, [key], replace(scope, component_ids=component_ids)).get(key).value


def by_component(ctx: Context, key: str, scope: Scope = WEEK) -> dict[str, float | None]:
    return {value.group[0]: value.value for value in measure(ctx, [key], scope, ("component",)).of(key)}


def test_a_commit_counts_in_every_component_that_it_touches_and_once_in_their_union(monorepo) -> None:
    ctx, ids, _ = monorepo

    assert asked(ctx, "commits_count", ids["Billing"]) == 2
    assert asked(ctx, "commits_count", ids["Services"]) == 3
    assert asked(ctx, "commits_count", ids["Web"]) == 1
    assert asked(ctx, "commits_count", ids["Billing"], ids["Services"], ids["Web"]) == 3
    assert asked(ctx, "commits_count", UNASSIGNED) == 3  # docs, the repository without rules, the empty commit
    assert asked(ctx, "commits_count", ids["Services"], ids["Web"], UNASSIGNED) == asked(ctx, "commits_count") == 6


def test_lines_are_those_of_the_components_files_alone_and_generated_ones_stay_apart(monorepo) -> None:
    ctx, ids, _ = monorepo

    assert asked(ctx, "lines_added", ids["Billing"]) == 10 + 4
    assert asked(ctx, "lines_removed", ids["Billing"]) == 1 + 4
    assert asked(ctx, "lines_added", ids["Web"]) == 5
    assert asked(ctx, "lines_added", ids["Billing"], ids["Services"]) == 10 + 4 + 7  # shared files once
    assert asked(ctx, "lines_added", UNASSIGNED) == 3 + 6
    everything = replace(WEEK, include_generated=True)
    assert asked(ctx, "lines_added", ids["Billing"], scope=everything) == 10 + 4 + 900
    assert measure(ctx, ["lines_added"], replace(WEEK, component_ids=(ids["Billing"],))).get(
        "lines_added"
    ).excluded == {"generated lines": 900}


ALL_KINDS = (
    "commits_count", "lines_added", "avg_commit_size", "commit_frequency", "prs_merged", "active_days",
    "avg_daily_active_hours", "avg_pr_cycle_time_hours", "review_given_count", "avg_review_depth",
    "unique_collaborators", "review_participation_rate", "focus_score", "weekend_commit_ratio", "deployments_count",
    "open_prs_count", "active_people", "code_churn", "code_rework_ratio", "bus_factor",
)  # fmt: skip


def test_a_row_of_the_breakdown_is_what_the_component_alone_would_say(monorepo) -> None:
    ctx, ids, _ = monorepo
    everything = (*ids.values(), UNASSIGNED)
    scopes = [replace(WEEK, component_ids=(one,)) for one in everything]

    rows, *alone = measure_together(
        ctx, [Question(ALL_KINDS, WEEK, ("component",)), *(Question(ALL_KINDS, scope) for scope in scopes)]
    )

    for key in ALL_KINDS:
        for component, answer in zip(everything, alone, strict=True):
            told, by_itself = rows.get(key, component), answer.get(key)
            assert (told.value, told.n) == (pytest.approx(by_itself.value), by_itself.n), (key, component)
        assert any(value.value is not None for value in rows.of(key)) or key == "deployments_count"


def test_code_is_told_of_components_by_path(monorepo) -> None:
    ctx, ids, _ = monorepo

    assert asked(ctx, "code_rework_ratio", ids["Billing"]) == pytest.approx(3 / 4)
    assert asked(ctx, "code_rework_ratio", ids["Web"]) == 0
    assert by_component(ctx, "code_churn") == {
        ids["Billing"]: 11 + 8, ids["Services"]: 11 + 8 + 9, ids["Web"]: 5, UNASSIGNED: 3 + 6,
    }  # fmt: skip
    # Services: ann wrote 17 weighed lines and bob 4; half of them are ann's. Docs and lib are bob's alone.
    assert by_component(ctx, "bus_factor") == dict.fromkeys((*ids.values(), UNASSIGNED), 1)


def test_a_pull_request_belongs_where_its_commits_or_its_merge_changed_something(monorepo) -> None:
    ctx, ids, _ = monorepo

    assert by_component(ctx, "prs_merged") == {
        ids["Billing"]: 1, ids["Services"]: 2, ids["Web"]: 1, UNASSIGNED: 2,
    }  # fmt: skip
    assert asked(ctx, "prs_merged", ids["Billing"], ids["Web"]) == 1
    assert asked(ctx, "review_given_count", ids["Services"]) == 2
    assert asked(ctx, "avg_review_depth", ids["Services"]) == pytest.approx((1 + 2) / 2)


def test_a_breakdown_of_chosen_components_shows_those_alone(monorepo) -> None:
    ctx, ids, _ = monorepo
    scope = replace(WEEK, component_ids=(ids["Billing"], UNASSIGNED))

    assert by_component(ctx, "commits_count", scope) == {ids["Billing"]: 2, UNASSIGNED: 3}
    assert by_component(ctx, "prs_merged", scope) == {ids["Billing"]: 1, UNASSIGNED: 2}


def test_components_and_time_and_repositories_go_together(monorepo) -> None:
    ctx, ids, history = monorepo
    found = measure(ctx, ["commits_count"], WEEK, ("component", "day"))

    assert found.get("commits_count", ids["Services"], "2026-03-05").value == 1
    assert found.get("commits_count", ids["Web"], "2026-03-05").state is State.NO_DATA
    of_lib = replace(WEEK, repo_ids=(history.repo("lib"),))
    assert by_component(ctx, "commits_count", of_lib) == {UNASSIGNED: 1}
    by_both = measure(ctx, ["commits_count"], WEEK, ("repo", "component"))
    assert by_both.get("commits_count", history.repo("lib"), UNASSIGNED).value == 1


def test_questions_asked_together_are_answered_as_they_are_alone(monorepo) -> None:
    ctx, ids, _ = monorepo
    narrow = replace(WEEK, component_ids=(ids["Services"],))
    questions = [
        Question(("commits_count", "active_days", "prs_merged"), scope, by)
        for scope in (WEEK, narrow)
        for by in ((), ("component",), ("person",), ("component", "day"), ("person", "component"))
    ]

    together = measure_together(ctx, questions)

    for question, answer in zip(questions, together, strict=True):
        alone = measure(fresh(ctx), question.keys, question.scope, question.by)
        assert {k: v.value for k, v in answer.found.items()} == {k: v.value for k, v in alone.found.items()}


def test_a_moved_file_counts_where_it_lies_after_the_commit(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    change(history, "ann", "2026-03-02 09:00", {"billing/a.py": (10, 0)})
    change(history, "ann", "2026-03-03 09:00", {"shipping/a.py": (2, 1)})
    history.tables["commit_files"][-1]["old_path"] = "billing/a.py"
    ids = made(history.ingest(), history, Billing=["/billing/"], Shipping=["/shipping/"])
    ctx = fresh(ctx)

    assert asked(ctx, "commits_count", ids["Billing"]) == 1
    assert asked(ctx, "lines_added", ids["Shipping"]) == 2


def test_deployments_belong_where_what_they_shipped_changed_something(ctx: Context) -> None:
    """Baseline; then one that took #1 (billing); one that failed after #2 (web); one that lists #1 and #2."""
    history = History(ctx)
    history.person("ann")
    for number, path, merged in ((1, "billing/a.py", "2026-03-02 10:00"), (2, "web/a.ts", "2026-03-03 10:00")):
        sha = change(history, "ann", merged.replace("10:00", "09:00"), {path: (1, 0)})
        history.pr("ann", number, opened=merged, merged=merged, merge_sha=sha)
    history.deploy("2026-02-20 10:00")
    history.deploy("2026-03-02 12:00")
    broke = history.deploy("2026-03-03 12:00", status="failure", failed=1)
    history.deploy("2026-03-04 12:00", pr_numbers=[1, 2])
    history.deploy("2026-03-05 12:00", status="failure", failed=1)
    history.incident("2026-03-03 13:00", "2026-03-03 15:00", deployment_key=broke["deployment_key"])
    history.incident("2026-03-03 13:30")
    ids = made(history.ingest(), history, Billing=["/billing/"], Web=["/web/"])
    ctx = fresh(ctx)

    assert by_component(ctx, "deployments_count") == {ids["Billing"]: 2, ids["Web"]: 1}
    assert asked(ctx, "deployments_count", ids["Billing"], ids["Web"]) == 2
    # Web: two failures took #2 and nothing that lists nothing shipped it since; one success lists it.
    assert asked(ctx, "change_failure_rate", ids["Web"]) == pytest.approx(2 / 3)
    assert asked(ctx, "change_failure_rate", ids["Billing"]) == 0
    # The lead times of pull requests do not change with what is asked of them.
    assert asked(ctx, "lead_time_hours", ids["Billing"]) == asked(
        ctx, "lead_time_hours", scope=replace(WEEK, component_ids=(ids["Billing"],))
    )
    # An incident follows the deployment that it names; one that names none is nobody's.
    assert by_component(ctx, "incidents_count") == {ids["Web"]: 1, UNASSIGNED: 1}
    assert asked(ctx, "incident_time_to_resolve_hours", ids["Web"]) == 2
    none = measure(ctx, ["incidents_count"], replace(WEEK, component_ids=(ids["Billing"],))).get("incidents_count")
    assert (none.value, none.state) == (None, State.NO_DATA)


def test_people_who_are_merged_are_one_in_a_component_too(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann", identities=("ann", "anna"))
    change(history, "ann", "2026-03-02 09:00", {"billing/a.py": (1, 0)})
    change(history, "anna", "2026-03-02 10:00", {"billing/b.py": (1, 0)})
    ids = made(history.ingest(), history, Billing=["/billing/"])
    ctx = fresh(ctx)

    answer = measure(ctx, ["commits_count"], WEEK, ("person", "component"))

    assert answer.get("commits_count", "ann", ids["Billing"]).value == 2


def test_the_same_rows_twice_change_nothing(monorepo) -> None:
    ctx, _, history = monorepo
    before = {key: by_component(ctx, key) for key in ("commits_count", "lines_added", "prs_merged")}
    for table, rows in history.tables.items():
        ctx.metrics.insert_rows(table, rows)

    assert placing.place(ctx) == 0
    assert {key: by_component(fresh(ctx), key) for key in before} == before


def test_a_number_of_components_says_what_belonging_means_and_shows_its_rows(monorepo) -> None:
    ctx, ids, _ = monorepo
    scope = within(WEEK, {"component": ids["Services"]})

    told = explain(ctx, "commits_count", scope)
    rows = evidence(ctx, "commits_count", scope)

    assert "changes a file of it" in told.definition and "Unassigned" in told.definition
    assert (told.value.value, len(rows.rows)) == (3, 3)
    assert "changes a file" not in explain(ctx, "commits_count", WEEK).definition


def test_a_repository_whose_files_nobody_reads_is_not_collected(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.commit("ann", "2026-03-02 09:00")
    ctx = history.ingest(feeds=False)
    history.feed("commits")

    value = measure(ctx, ["commits_count"], replace(WEEK, component_ids=("x",))).get("commits_count")

    assert (value.value, value.state) == (None, State.NOT_COLLECTED)
    assert "changed files" in value.state_text
