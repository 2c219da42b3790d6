"""What people know, over small histories whose numbers are worked out by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from core.access.models import Look
from core.analysis import expertise, knowledge
from core.analysis.frameworks import FRAMEWORKS
from core.base.errors import NotAllowed, NotFound
from core.bootstrap import House
from core.context import ROLES, Actor, Context
from core.people import service as people
from core.people.views import Seen
from tests.catalogue.factories import WEEK, History
from tests.pages import entered

NAMES = ("ann", "bob", "cid", "dan", "eve")


def told(ctx: Context) -> History:
    """Two commits of Ann's in Python of 100 and 9,000 lines, the last at the period's end; one of Bob's of 100 lines
    180 days before it; one of Cid's in Go, of 300 lines, in a repository of his own."""
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in NAMES])
    team = people.create_team(ctx, "Atlas").id
    for one in people.people(ctx):
        people.set_membership(ctx, one.id, team, date(2026, 1, 1))
    history = History(ctx)
    history.file("ann", "2026-03-08 23:59", "src/a.py", language="Python", additions=60, deletions=40, sha="a1")
    history.file("ann", "2025-09-01 09:00", "src/b.py", language="Python", additions=9000, sha="a2")
    history.file("ann", "2025-09-01 09:00", "gen/c.py", language="Python", additions=500, generated=1, sha="a2")
    history.file("bob", "2025-09-10 00:00", "top.py", language="Python", additions=100, sha="b1")
    history.file("cid", "2026-03-08 23:59", "main.go", language="Go", additions=300, sha="c1", repo="own")
    return history


@pytest.fixture
def acme(ctx: Context) -> Context:
    return told(ctx).ingest()


def by_name(found: knowledge.Expertise) -> dict[tuple[str, str], knowledge.Skill]:
    return {(found.subjects[one.subject], found.labels[one.key]): one for one in found.skills}


def test_proficiency_by_hand(acme: Context) -> None:
    found = expertise.of_people(acme, WEEK)
    ann, bob, cid = (by_name(found)[key] for key in (("Ann", "Python"), ("Bob", "Python"), ("Cid", "Go")))

    # Efforts: 2 + (100 + 500) / 100 = 8, 1 + 1 = 2, 1 + 3 = 4; their median is 4.
    assert (ann.effort, bob.effort, cid.effort, found.half) == (8, 2, 4, 4)
    assert ann.proficiency == pytest.approx(100 * 8 / 12, abs=0.01)
    assert bob.recency_factor == pytest.approx(0.5)
    assert bob.proficiency == pytest.approx(100 * 2 / 6 * 0.5)
    assert (ann.commit_count, ann.lines_of_code, ann.active_days) == (2, 9100, 2)
    assert ann.confidence == pytest.approx(2 / 12)
    assert knowledge.worked_out(bob, found.half) == "100 × 2.0 / (2.0 + 4.0) × 0.50 = 16.7"


def test_the_context_is_the_repository_and_how_new_it_is(acme: Context) -> None:
    found = by_name(expertise.of_people(acme, WEEK))

    assert found["Cid", "Go"].context == "personal"
    assert found["Ann", "Python"].context == "production"


def test_a_skill_first_used_lately_and_seldom_is_being_learnt(ctx: Context) -> None:
    history = told(ctx)
    history.file("bob", "2026-03-01 09:00", "main.rs", language="Rust", sha="r1")
    assert by_name(expertise.of_people(history.ingest(), WEEK))["Bob", "Rust"].context == "learning"


def test_every_depth_is_reached_where_ten_differ() -> None:
    cuts = knowledge.cuts([float(value) for value in range(1, 11)])

    depths = [knowledge.depth(float(value), cuts) for value in range(1, 11)]
    assert depths == ["novice"] * 4 + ["intermediate"] * 3 + ["advanced"] * 2 + ["expert"]
    assert knowledge.depth(1.0, knowledge.cuts([1.0])) == "expert"


def test_frameworks_are_told_by_the_names_of_files_and_one_file_may_tell_of_two(ctx: Context) -> None:
    history = told(ctx)
    for sha, path in (
        ("f1", "web/Cart.stories.tsx"),
        ("f2", "shop/migrations/0001_initial.py"),
        ("f3", "web/Cart.tsx"),
    ):
        history.file("ann", "2026-03-05 09:00", path, language="x", additions=20, sha=sha)
    history.file("bob", "2026-03-05 09:00", "deploy/Dockerfile.prod", additions=5, sha="f4")
    acme = history.ingest()

    found = by_name(expertise.of_people(acme, WEEK, "framework"))

    assert {key: one.commit_count for key, one in found.items()} == {
        ("Ann", "React"): 2, ("Ann", "Storybook"): 1, ("Ann", "Django"): 1, ("Bob", "Docker"): 1,
    }  # fmt: skip
    react = found["Ann", "React"]
    assert react.key == "framework:React" and react.lines_of_code == 40
    rows = expertise.rows(acme, WEEK, react.subject, react.key)
    assert sorted(row[[one.key for one in rows.cols].index("path")] for row in rows.rows) == [
        "web/Cart.stories.tsx", "web/Cart.tsx",
    ]  # fmt: skip
    with pytest.raises(NotFound, match="framework:Django"):
        expertise.rows(acme, WEEK, react.subject, "framework:Cobol")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (".github/workflows/ci.yml", "GitHub Actions"), ("compose.prod.yaml", "Docker"),
        ("tests/conftest.py", "pytest"),
        ("web/src/a.component.ts", "Angular"), ("infra/main.tf", "Terraform"), ("app/views/x.html.erb", "Rails"),
        ("charts/api/templates/x.yaml", "Helm"), ("src/main/resources/application-prod.yml", "Spring"),
        ("a/BUILD.bazel", "Bazel"), ("web/__tests__/a.test.js", "Jest"), ("nb/a.ipynb", "Jupyter"),
    ],
)  # fmt: skip
def test_a_path_tells_its_framework(path: str, name: str) -> None:
    assert [one for one, pattern in FRAMEWORKS.items() if re.search(pattern, path)] == [name]


@pytest.mark.parametrize("path", ["src/a.py", "README.md", "docs/compose.md", "src/dockerfiles.go", "lib/page.rb"])
def test_an_ordinary_path_tells_of_none(path: str) -> None:
    assert not [one for one, pattern in FRAMEWORKS.items() if re.search(pattern, path)]


def test_path_areas_are_folders_of_a_repository(acme: Context) -> None:
    found = expertise.of_people(acme, WEEK, "area")

    assert set(by_name(found)) == {("Ann", "app: src"), ("Bob", "app: top folder"), ("Cid", "own: top folder")}
    ann = by_name(found)["Ann", "app: src"]
    assert len(expertise.rows(acme, WEEK, ann.subject, ann.key).rows) == 2
    assert expertise.rows_csv(acme, WEEK, ann.subject, ann.key).decode().count("\n") == 3


def test_a_team_shares_out_what_its_people_did(acme: Context) -> None:
    found = expertise.of_teams(acme, WEEK)
    python = by_name(found)["Atlas", "Python"]

    # (8 + 2) / 5 people = 2 of effort each; the last use is Ann's.
    assert (python.effort, python.people, python.commit_count) == (2, 2, 3)
    assert python.proficiency == pytest.approx(100 * 2 / 6, abs=0.01)


def test_two_who_are_one_know_it_together(acme: Context) -> None:
    ids = {one.name: one.id for one in people.people(acme)}
    people.merge(acme, ids["Ann"], ids["Bob"])
    merged = replace(acme, workspace=replace(acme.workspace, data_version=acme.workspace.data_version + 1))

    assert by_name(expertise.of_people(merged, WEEK))["Ann", "Python"].commit_count == 3


def test_bots_know_nothing(acme: Context) -> None:
    ids = {one.name: one.id for one in people.people(acme)}
    people.set_bot(acme, ids["Cid"], True)
    fresh = replace(acme, workspace=replace(acme.workspace, data_version=acme.workspace.data_version + 1))

    assert ("Cid", "Go") not in by_name(expertise.of_people(fresh, WEEK))


def test_whose_skills_are_shown(acme: Context) -> None:
    ids = {one.name: one.id for one in people.people(acme)}
    hidden = replace(acme, workspace=replace(acme.workspace, individuals="self"))
    bob = hidden.as_actor(Actor("u1", "Bob", "viewer", ROLES["viewer"], person_id=ids["Bob"]))
    nobody = hidden.as_actor(Actor("u2", "Vera", "viewer", ROLES["viewer"]))

    assert set(by_name(expertise.of_people(bob, WEEK))) == {("Bob", "Python")}
    with pytest.raises(NotAllowed, match="Look at teams"):
        expertise.of_people(nobody, WEEK)
    with pytest.raises(NotAllowed):
        expertise.rows(nobody, WEEK, ids["Ann"], ":Python")
    assert set(by_name(expertise.of_teams(nobody, WEEK))) == {("Atlas", "Python"), ("Atlas", "Go")}
    strict = replace(nobody, workspace=replace(nobody.workspace, least_group=6))
    few = expertise.of_teams(strict, WEEK)
    assert (few.skills, few.left_out) == ((), 1)
    with acme.app.reading() as session:
        assert {look.viewer_id for look in session.query(Look)} == set()


def test_the_page_explains_the_row_that_is_chosen(house: House, acme: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    page = entered(house, acme, monkeypatch, "analytics/skills")
    page.query_params["period"] = "2026-03-02..2026-03-08"

    page.run()

    assert not page.exception
    assert page.dataframe[0].value["subject"].tolist() == ["Ann", "Cid", "Bob"]
    assert page.get("vega_lite_chart")
    page.query_params["by"] = "team"
    page.run()
    assert page.dataframe[0].value["subject"].tolist() == ["Atlas", "Atlas"]
