"""Code metrics and tables over small histories whose answers are worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from core.base.errors import BadInput
from core.base.period import between
from core.catalogue import code
from core.catalogue.code import Place
from core.catalogue.scope import UNASSIGNED, Scope
from core.catalogue.service import Measured, evidence, explain, measure
from core.context import Context
from core.figures import State
from tests.catalogue.factories import WEEK, History, answered, fresh, who
from tests.parts.test_golden_components import made


@pytest.fixture
def week(ctx: Context) -> History:
    """Ann and Bob change each other's lines; a lock file, a bot and a week before stand beside."""
    history = History(ctx)
    for name in ("ann", "bob"):
        history.person(name)
    history.person("robot", is_bot=True)
    history.file("ann", "2026-03-02 09:00", "src/a.py", additions=30, deletions=10, language="Python")
    history.file("bob", "2026-03-03 09:00", "src/a.py", additions=6, deletions=4, language="Python")
    history.file("bob", "2026-03-04 09:00", "docs/b.md", additions=5, deletions=0, language="Markdown")
    history.file("bob", "2026-03-04 09:00", "uv.lock", additions=900, deletions=800, generated=1)
    history.file("robot", "2026-03-04 09:00", "src/a.py", additions=7, deletions=7, language="Python")
    history.file("ann", "2026-02-20 09:00", "src/a.py", additions=100, deletions=100, language="Python")
    history.line("ann", "2026-03-02 09:00", "src/a.py", lines=6)
    history.line("ann", "2026-03-02 09:00", "src/a.py", lines=3, previous="ann", written="2026-02-20 09:00")
    history.line("ann", "2026-03-02 09:00", "src/a.py", lines=1, previous="bob", written="2026-02-25 09:00")
    history.line("bob", "2026-03-03 09:00", "src/a.py", lines=4, previous="ann", written="2026-03-02 09:00", unknown=2)
    history.line("robot", "2026-03-04 09:00", "src/a.py", lines=7, previous="ann", written="2026-03-02 09:00")
    history.line("ann", "2026-03-05 09:00", "")
    return history


def test_churn_is_lines_added_and_removed_by_hand(week: History) -> None:
    ctx = week.ingest()

    churn = answered(ctx, "code_churn")
    assert (churn.value, churn.n) == (30 + 10 + 6 + 4 + 5, 3)
    assert churn.excluded == {"bots": 1, "generated files": 1}
    assert answered(ctx, "code_churn", replace(WEEK, include_generated=True), "bob").value == 6 + 4 + 5 + 1700


def test_rework_is_the_share_of_changed_lines_that_were_young(week: History) -> None:
    ctx = week.ingest()

    rework = answered(ctx, "code_rework_ratio")
    # 6 older lines; 3 of Ann's own, 1 of Bob's, 4 of Ann's by Bob. The robot's 7 are left out, 2 nobody knows.
    assert (rework.value, rework.numerator, rework.denominator) == (pytest.approx(8 / 14), 8, 14)
    assert rework.asides == {"lines of one's own": 3, "lines of others": 5}
    assert rework.excluded == {"bots": 7, "lines of unknown age": 2}
    assert answered(ctx, "code_rework_own_ratio").value == pytest.approx(3 / 14)
    assert answered(ctx, "code_rework_others_ratio").value == pytest.approx(5 / 14)
    assert answered(ctx, "code_reworked_lines", person="ann").value == 4


def test_lines_of_two_identities_of_one_person_are_their_own(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann", identities=("ann", "annie"))
    history.line("ann", "2026-03-02 09:00", "a.py", lines=5, previous="annie", written="2026-03-01 09:00")
    ctx = history.ingest()

    assert answered(ctx, "code_rework_own_ratio").value == 1


def test_the_rows_behind_rework_say_whose_the_lines_were(week: History) -> None:
    ctx = week.ingest()

    rows = evidence(ctx, "code_rework_ratio", WEEK)
    told = {(row[1], row[5], row[6]) for row in rows.rows}
    assert {(lines, whose) for _, lines, whose in told} == {
        (6, "older"), (3, "their own"), (1, "somebody else's"), (4, "somebody else's"),
    }  # fmt: skip
    assert explain(ctx, "code_rework_ratio", WEEK).n == 14


def test_bus_factor_is_the_fewest_who_own_half_of_the_weighed_lines(ctx: Context) -> None:
    history = History(ctx)
    # At the end of 8 March: Ann's 400 lines are 360 days old and weigh a quarter, Bob's 180 days and a half.
    history.file("ann", "2025-03-14 00:00", "a.py", additions=400)
    history.file("bob", "2025-09-10 00:00", "a.py", additions=120)
    history.file("cleo", "2026-03-09 00:00", "a.py", additions=10_000)
    history.file("dan", "2026-03-08 23:59", "b.py", additions=45)
    ctx = history.ingest()

    # 100 + 60 + 45 = 205: Ann's 100 are less than half of it, with Bob's they are more.
    assert answered(ctx, "bus_factor").value == 2
    assert answered(ctx, "bus_factor").n == 3
    (owned,) = code.owned(ctx, WEEK, Place()).rows
    assert [round(owner.share, 3) for owner in owned.owners] == [
        pytest.approx(100 / 205, abs=1e-3), pytest.approx(60 / 205, abs=1e-3), pytest.approx(45 / 205, abs=1e-3),
    ]  # fmt: skip
    assert (owned.bus_factor, owned.people, owned.files) == (2, 3, None)


def test_one_who_holds_exactly_half_is_enough(ctx: Context) -> None:
    history = History(ctx)
    for name, lines in (("ann", 50), ("bob", 25), ("cleo", 25)):
        history.file(name, "2026-03-02 09:00", "a.py", additions=lines)
    ctx = history.ingest()

    assert answered(ctx, "bus_factor").value == 1 == code.fewest([25, 25, 50])
    assert code.fewest([1, 1, 1]) == 2
    assert code.fewest([]) == 0


def test_bus_factor_belongs_to_the_end_of_a_period_and_to_repositories_and_teams(ctx: Context) -> None:
    history = History(ctx)
    for name, repo in (("ann", "app"), ("bob", "web"), ("cleo", "web"), ("dan", "web")):
        history.person(name)
        history.file(name, "2026-03-03 09:00", "a.py", repo=repo)
    history.member("bob", "red")
    history.member("cleo", "red")
    ctx = history.ingest()

    by_repo = measure(ctx, ["bus_factor"], WEEK, ["repo"])
    assert by_repo.get("bus_factor", history.repos["app"]).value == 1
    assert by_repo.get("bus_factor", history.repos["web"]).value == 2
    assert answered(ctx, "bus_factor", replace(WEEK, team_ids=("red",))).value == 1
    assert measure(ctx, ["bus_factor"], WEEK, ["week"]).get("bus_factor", "2026-03-02").state is State.UNSUPPORTED
    before = Scope(between(date(2026, 2, 1), date(2026, 2, 7)))
    assert answered(ctx, "bus_factor", before).state is State.NO_DATA


def test_hotspots_are_churn_by_people_by_complexity_of_files_that_are_there(ctx: Context) -> None:
    history = History(ctx)
    history.file("ann", "2026-03-02 09:00", "old.py", additions=10)
    history.file("bob", "2026-03-03 09:00", "new.py", additions=5, deletions=5, old_path="old.py")
    for day in ("02", "03"):
        history.file("ann", f"2026-03-{day} 09:00", "calm.py", additions=40)
        history.file("ann", f"2026-03-{day} 09:00", "gone.py", additions=999)
        history.file("ann", f"2026-03-{day} 09:00", "odd.bin", additions=1)
    history.file("ann", "2026-03-02 09:00", "once.py", additions=999)
    history.tree("new.py", lines=50, complexity=120, former=["old.py"])
    history.tree("calm.py", lines=10, complexity=12)
    history.tree("odd.bin", known=0)
    history.tree("once.py", lines=10, complexity=1)
    ctx = history.ingest()

    found = code.hotspots(ctx, WEEK, Place())

    assert [(one.path, one.churn, one.changes, one.people, one.complexity, one.score) for one in found.rows] == [
        ("new.py", 20, 2, 2, 120, 20 * 2 * 120), ("calm.py", 80, 2, 1, 12, 80 * 12), ("odd.bin", 2, 2, 1, None, None),
    ]  # fmt: skip
    owned = {one.name: one for one in code.owned(ctx, WEEK, Place(history.repos["app"])).rows}
    assert set(owned) == {"new.py", "calm.py", "odd.bin", "once.py"} and owned["new.py"].people == 2


def test_where_no_clone_tells_what_is_there_every_file_counts_and_complexity_is_not_known(week: History) -> None:
    ctx = week.ingest(feeds=False)
    week.feed("commits", "commit_files")

    found = code.hotspots(fresh(ctx), WEEK, Place())
    assert [(one.path, one.complexity, one.score) for one in found.rows] == [("src/a.py", None, None)]
    (python, markdown) = code.kinds(fresh(ctx), WEEK, Place()).rows
    assert (python.language, python.churn, python.files) == ("Python", 50, None)
    assert (markdown.language, markdown.churn, markdown.people) == ("Markdown", 5, 1)


def test_a_place_holds_its_folders_and_files_and_a_file_itself(week: History) -> None:
    ctx, repo = week.ingest(), week.repos["app"]

    def inside(path: str) -> list[tuple[str, bool, str]]:
        return [(one.name, one.is_folder, one.place.path) for one in code.owned(ctx, WEEK, Place(repo, path)).rows]

    assert inside("") == [("src", True, "src"), ("docs", True, "docs")]
    assert inside("src") == [("a.py", False, "src/a.py")]
    assert inside("src/a.py") == [("a.py", False, "src/a.py")]
    assert inside("sr") == []
    src = code.owned(ctx, WEEK, Place(repo)).rows[0]
    assert (src.churn, src.changes, src.people) == (50, 2, 2)
    assert code.place_of(ctx, "app", "/src/") == Place(repo, "src")
    with pytest.raises(BadInput, match="In which repository"):
        code.place_of(ctx, "", "src")


def test_who_may_not_see_individuals_sees_the_bus_factor_and_no_owner(
    week: History, acting: Callable[[str], Context]
) -> None:
    ctx = week.ingest()
    viewer = replace(acting("viewer"), workspace=replace(ctx.workspace, individuals="managers"))

    (row,) = code.owned(viewer, WEEK, Place()).rows
    assert (row.bus_factor, row.people, row.owners) == (1, 2, ())
    assert code.hotspots(viewer, WEEK, Place()).rows[0].people == 2


def test_nothing_collects_code_in_an_empty_workspace(ctx: Context) -> None:
    assert not code.owned(ctx, WEEK, Place()).covered.is_collected
    assert answered(ctx, "bus_factor").state is State.NOT_COLLECTED
    assert who("ann")


def test_code_of_components_and_of_folders(ctx: Context) -> None:
    history = History(ctx)
    for name, path, lines in (("ann", "web/a.ts", 30), ("bob", "web/b.ts", 20), ("cleo", "api/c.go", 60)):
        history.file(name, "2026-03-03 09:00", path, additions=lines)
        history.line(name, "2026-03-03 09:00", path, lines=lines // 10, previous=name, written="2026-03-02 09:00")
    ctx = history.ingest()
    web = made(ctx, history, Web=["web/"])["Web"]
    ctx = fresh(ctx)

    keys = ["code_churn", "bus_factor", "code_reworked_lines"]

    def told(answer: Measured, *group: str) -> list[float | None]:
        return [answer.get(key, *group).value for key in keys]

    assert told(measure(ctx, keys, WEEK)) == [110, 1, 11]
    assert told(measure(ctx, keys, replace(WEEK, component_ids=(web,)))) == [50, 1, 5]
    assert told(measure(ctx, keys, replace(WEEK, component_ids=(UNASSIGNED,)))) == [60, 1, 6]
    parts = measure(ctx, keys, WEEK, ["component"])
    assert told(parts, web) == [50, 1, 5] and told(parts, UNASSIGNED) == [60, 1, 6]
    assert told(measure(ctx, keys, replace(WEEK, folder="web"))) == [50, 1, 5]
    assert told(measure(ctx, keys, replace(WEEK, folder="web/b.ts"))) == [20, 1, 2]
    assert told(measure(ctx, keys, replace(WEEK, folder="we"))) == [None, None, None]
    assert [
        one.name for one in code.owned(ctx, replace(WEEK, component_ids=(web,)), Place(history.repos["app"])).rows
    ] == ["web"]
    commits = measure(ctx, ["commits_count"], replace(WEEK, folder="web")).get("commits_count")
    assert commits.state is State.UNSUPPORTED and "folder" in commits.state_text
    assert len(evidence(ctx, "code_churn", replace(WEEK, folder="web")).rows) == 2


def test_the_bus_factor_of_a_folder_follows_files_that_moved_into_it(ctx: Context) -> None:
    history = History(ctx)
    history.file("ann", "2026-03-02 09:00", "old/a.py", additions=50)
    history.file("bob", "2026-03-03 09:00", "new/a.py", additions=20, old_path="old/a.py")
    history.tree("new/a.py", former=["old/a.py"])
    ctx = history.ingest()

    asked = replace(WEEK, folder="new")
    assert answered(ctx, "bus_factor", asked).n == 2
    assert answered(ctx, "bus_factor", replace(WEEK, folder="old")).state is State.NO_DATA
