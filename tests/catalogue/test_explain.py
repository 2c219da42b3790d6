"""Where a number comes from: definition, count, what was left out, and the rows behind it."""

from __future__ import annotations

import csv
import io

import pytest

from core.base.errors import BadInput, NotAllowed, NotFound
from core.catalogue import METRICS
from core.catalogue.service import (
    evidence,
    evidence_csv,
    explain,
    measure,
    repositories,
    repository,
)
from core.context import Context
from core.figures import State
from core.people import service as people
from core.people.service import Seen
from tests.catalogue.factories import WEEK, History, at


@pytest.fixture
def known(ctx: Context) -> Context:
    """Ann, whom the people room knows, with two commits, a merge and a formula for a subject."""
    people.register(ctx, [Seen("ann@example.com", "Ann Lee")])
    history = History(ctx)
    history.commit("ann", "2026-03-03 09:00", subject="=cmd()|x")
    history.commit("ann", "2026-03-04 09:00", subject='Say "hi", twice')
    history.merge("ann", "2026-03-05 09:00")
    return history.ingest()


def test_an_explanation_says_all_that_is_needed_to_believe(known: Context) -> None:
    told = explain(known, "commits_count", WEEK)

    assert (told.value.value, told.n, told.excluded) == (2, 2, {"merges": 1})
    assert told.definition.startswith("Commits authored, without merge commits.")
    assert told.formula == "count"
    assert told.sources == ("commits by test of app",)
    assert told.watermark == at("2030-01-01")
    assert told.parameters["workspace"] == known.workspace.id


def test_a_group_is_explained_as_the_scope_cut_down_to_it(known: Context) -> None:
    (ann,) = people.people(known)
    by_day = measure(known, ["commits_count"], WEEK, ["person", "day"])

    told = explain(known, "commits_count", WEEK, {"person": ann.id, "day": "2026-03-03"})

    assert told.value.value == by_day.get("commits_count", ann.id, "2026-03-03").value == 1
    with pytest.raises(BadInput, match="by hour of week cannot be explained"):
        explain(known, "commits_count", WEEK, {"hour_of_week": "3"})
    with pytest.raises(BadInput, match="'tuesday' is no date"):
        explain(known, "commits_count", WEEK, {"day": "tuesday"})


def test_the_rows_behind_a_number_are_those_that_it_counts(known: Context) -> None:
    table = evidence(known, "commits_count", WEEK)

    assert (len(table.rows), table.total_rows) == (2, 2)
    row = dict(zip([column.key for column in table.cols], table.rows[0], strict=True))
    assert (row["person"], row["repo"], row["at"]) == ("Ann Lee", "app", at("2026-03-04 09:00"))
    assert (row["subject"], row["lines_added"]) == ('Say "hi", twice', 10)


def test_only_so_many_rows_are_shown_and_the_rest_is_counted(known: Context) -> None:
    table = evidence(known, "commits_count", WEEK, limit=1)

    assert (len(table.rows), table.total_rows) == (1, 2)


def test_the_csv_holds_every_row_and_no_formula(known: Context) -> None:
    lines = list(csv.reader(io.StringIO(evidence_csv(known, "commits_count", WEEK).decode())))

    assert lines[0][:3] == ["Authored (UTC)", "Person", "Repository"]
    assert len(lines) == 3
    assert lines[1][4] == 'Say "hi", twice'
    assert lines[2][4] == "'=cmd()|x"


def test_what_nobody_collects_is_explained_too(ctx: Context) -> None:
    told = explain(ctx, "lead_time_hours", WEEK)

    assert told.value.state is State.NOT_COLLECTED
    assert told.sql == ""
    assert evidence(ctx, "lead_time_hours", WEEK).state is State.NOT_COLLECTED


def test_a_viewer_may_look_but_not_download(known: Context) -> None:
    from core.context import ROLES, Actor

    viewer = known.as_actor(Actor("u", "Vera", "viewer", ROLES["viewer"]))

    assert evidence(viewer, "commits_count", WEEK).rows
    with pytest.raises(NotAllowed):
        evidence_csv(viewer, "commits_count", WEEK)


def test_an_answer_tells_its_origin(known: Context) -> None:
    (origin,) = measure(known, ["commits_count"], WEEK).provenance

    assert origin.metrics == ["commits_count@1"]
    assert origin.facts == ["commits"]
    assert (origin.rows, origin.excluded) == (2, {"merges": 1})
    assert len(origin.query_hash) == 64
    assert METRICS.get("commits_count").about in origin.definitions[0] and "Formula: count" in origin.definitions[0]


def test_an_origin_counts_the_rows_of_all_groups_and_names_only_what_was_wanted(known: Context) -> None:
    answer = measure(known, ["commits_count", "lines_added"], WEEK, by=["day"])

    (whole,), (part,) = answer.provenance, answer.only(["lines_added"]).provenance

    assert len(answer.groups) == 2 and whole.rows == 2
    assert (part.metrics, part.facts, part.rows) == (["lines_added@1"], ["commits"], 2)
    assert len(part.definitions) == 1 and part.definitions[0].startswith("Lines added")
    assert part.query_hash == whole.query_hash
    assert {value.metric for value in answer.only(["lines_added"]).values} == {"lines_added"}


def test_repositories_are_found_by_name(known: Context) -> None:
    assert [one.name for one in repositories(known)] == ["app"]
    assert repository(known, "app").name == "app"
    with pytest.raises(NotFound, match="Did you mean 'app'"):
        repository(known, "aps")


def test_merging_people_and_undoing_it_gives_the_first_numbers_back(known: Context) -> None:
    from tests.catalogue.factories import fresh

    people.register(known, [Seen("ann@example.com", "Ann Lee"), Seen("bob@example.com", "Bob Ray")])
    history = History(known, repos={"app": repositories(known)[0].id})
    history.commit("bob", "2026-03-03 09:00")
    ctx = history.ingest()
    ann, bob = (people.person(ctx, name).id for name in ("ann@example.com", "bob@example.com"))
    first = measure(ctx, ["commits_count"], WEEK, ["person"]).values

    merged = people.merge(ctx, ann, bob)
    assert measure(fresh(ctx), ["commits_count"], WEEK, ["person"]).get("commits_count", ann).value == 3

    people.unmerge(ctx, merged)
    assert measure(fresh(ctx), ["commits_count"], WEEK, ["person"]).values == first
