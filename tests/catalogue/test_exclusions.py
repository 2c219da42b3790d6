"""Rules that leave pull requests out, over a history whose answers are worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from core.base.errors import BadInput, Conflict, NotAllowed, NotFound
from core.bootstrap import House
from core.catalogue import exclusions
from core.catalogue.exclusions import Wish
from core.catalogue.service import repositories
from core.context import Context
from core.entrypoints.cli import assembled, out
from tests.catalogue.factories import History, answered, fresh
from tests.pages import entered


@pytest.fixture
def known(ctx: Context) -> Context:
    """Five merged in the week: cycle times 1, 2, 3, 4 and 40 h; 5 was open for more than a month."""
    history = History(ctx)
    history.person("ann")
    for number, (hours, more) in enumerate(
        [
            (1, {"labels": ["dependencies"], "title": "Bump a library"}),
            (2, {"labels": ["Release"], "title": "Release 1.2"}),
            (3, {"head_branch": "chore/tidy_up", "title": "Tidy 100% up"}),
            (4, {"title": "Feature"}),
        ],
        1,
    ):
        history.pr("ann", number, opened="2026-03-03 00:00", merged=f"2026-03-03 0{hours}:00", **more)
    history.pr("ann", 5, opened="2026-01-01 00:00", merged="2026-03-03 00:00", title="Long")
    return history.ingest()


@pytest.mark.parametrize(
    ("field", "pattern", "left"),
    [
        ("label", "DEPENDENCIES", 4),
        ("label", "depend*", 4),
        ("label", "depend", 5),
        ("title", "release *", 4),
        ("title", "*e*", 3),
        ("title", "*100% up", 4),
        ("title", "*100_ up", 5),
        ("branch", "chore/*", 4),
        ("branch", "chore/tidy*up", 4),
        ("branch", "main", 0),
        ("age", "30", 4),
        ("age", "90", 5),
    ],
)
def test_a_rule_leaves_out_what_it_means_and_no_more(known: Context, field: str, pattern: str, left: int) -> None:
    seen = exclusions.preview(known, Wish(field, pattern))
    exclusions.add(known, Wish(field, pattern, reason="noise"))

    assert (seen.count, seen.new, seen.total) == (5 - left, 5 - left, 5)
    assert answered(fresh(known), "prs_merged").n == left


def test_numbers_say_how_many_were_left_out_and_count_again_when_the_rule_goes(known: Context) -> None:
    rule = exclusions.add(known, Wish("age", "30", reason="forgotten branches"))

    value = answered(fresh(known), "avg_pr_cycle_time_hours")
    assert (value.value, value.n, value.excluded["left out by a rule"]) == (2.5, 4, 1)

    exclusions.remove(known, rule[:8])
    assert answered(fresh(fresh(known)), "prs_merged").value == 5


def test_a_rule_holds_for_what_comes_later(known: Context) -> None:
    exclusions.add(known, Wish("label", "bot*", reason="machines"))
    history = History(known, version=2)
    history.repos = {one.name: one.id for one in repositories(known)}
    history.pr("ann", 6, opened="2026-03-04 00:00", merged="2026-03-04 01:00", labels=["bot-made"])
    later = history.ingest(feeds=False)

    assert answered(fresh(later), "prs_merged").value == 5


def test_a_rule_is_told_with_who_made_it_why_and_how_many(known: Context) -> None:
    exclusions.add(known, Wish("title", "Release *", reason="No work of anybody's"))

    (rule,) = exclusions.rules(known)

    assert (rule.words, rule.reason, rule.created_by, rule.count) == (
        "title 'Release *'", "No work of anybody's", "Sightline", 1,
    )  # fmt: skip


def test_what_another_rule_leaves_out_already_is_not_new(known: Context) -> None:
    exclusions.add(known, Wish("label", "release", reason="x"))

    seen = exclusions.preview(known, Wish("title", "*e*"))

    assert (seen.count, seen.new) == (2, 1)
    assert seen.examples[0].startswith("#")


def test_one_is_left_out_by_its_number_in_its_repository_alone(known: Context) -> None:
    exclusions.add(known, Wish("number", "#4", "app", reason="a test"))

    assert answered(fresh(known), "prs_merged").value == 4


def test_another_workspace_is_not_touched(known: Context) -> None:
    stranger = replace(known, workspace=replace(known.workspace, id="another"))

    assert exclusions.preview(stranger, Wish("title", "*e*")).total == 0
    assert exclusions.rules(stranger) == []


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("colour", "red"), "not by 'colour'"),
        (Wish("title", "  "), "Write what the title is"),
        (Wish("title", "***"), "leave every pull request out"),
        (Wish("age", "old"), "'old' is not a number of days"),
        (Wish("age", "0"), "'0' is not a number of days"),
        (Wish("number", "4"), "choose it too"),
        (Wish("title", "x" * 201), "up to 200 letters"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(known: Context, wish: Wish, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        exclusions.preview(known, wish)


def test_what_is_missing_or_there_already_is_told(known: Context) -> None:
    exclusions.add(known, Wish("title", "Release *", reason="x"))

    with pytest.raises(Conflict, match="such a rule"):
        exclusions.add(known, Wish("title", "Release *", reason="y"))
    with pytest.raises(BadInput, match="Say why"):
        exclusions.add(known, Wish("title", "Docs *"))
    with pytest.raises(NotFound, match="no repository named 'ap'"):
        exclusions.preview(known, Wish("title", "Docs *", "ap"))
    with pytest.raises(NotFound, match="not there any more"):
        exclusions.remove(known, "f" * 8)


def test_members_may_look_and_not_change(known: Context, acting: Callable[[str], Context]) -> None:
    assert exclusions.rules(acting("viewer")) == []
    with pytest.raises(NotAllowed):
        exclusions.preview(acting("member"), Wish("title", "x"))
    with pytest.raises(NotAllowed):
        exclusions.add(acting("member"), Wish("title", "x", reason="y"))


def texts(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.info, page.warning, page.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def opened(house: House, ctx: Context, patch: pytest.MonkeyPatch, role: str = "manager") -> AppTest:
    page = entered(house, ctx, patch, "insights/pulls", role)
    page.session_state["pulls_tab"] = "Left out"
    page.run()
    assert not page.exception
    return page


def test_on_the_page_a_rule_is_tried_made_and_taken_back(
    house: House, known: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(house, known, monkeypatch)
    assert "Every pull request counts." in texts(page)

    page.text_input(key="exclude_what").set_value("dependencies").run()
    assert "It means **1** of 5 pull requests; **1** of them count today." in texts(page)
    assert page.button(key="exclude_now").disabled, "a rule without a reason is not made"

    page.text_input(key="exclude_why").set_value("Machines").run()
    page.button(key="exclude_now").click().run()
    (rule,) = exclusions.rules(known)
    assert (rule.words, rule.reason, rule.created_by) == ("label 'dependencies'", "Machines", "Mara")

    page.button(key=f"unexclude_{rule.id}").click().run()
    assert exclusions.rules(known) == []


def test_a_viewer_sees_the_rules_and_cannot_change_them(
    house: House, known: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    exclusions.add(known, Wish("age", "30", reason="forgotten branches"))

    page = opened(house, known, monkeypatch, "viewer")

    assert "forgotten branches" in texts(page)
    assert not [button for button in page.button if button.label in ("Let them count again", "Leave them out")]


def test_by_command_a_dry_run_changes_nothing(house: House, known: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "ready", lambda: house)

    def run(*words: str) -> tuple[int, str]:
        words = ("exclusions", *words, "--workspace", known.workspace.slug)
        result = CliRunner().invoke(assembled(list(words)), list(words))
        return result.exit_code, result.output

    code, said = run("add", "label", "dependencies", "--dry-run", "--json")
    assert (code, json.loads(said)["rows"][0]["means"], exclusions.rules(known)) == (0, 1, [])

    code, said = run("add", "label", "dependencies", "--reason", "Machines")
    assert code == 0
    assert "1 pull requests count no more" in said
    (rule,) = exclusions.rules(known)

    code, said = run("list", "--json")
    assert json.loads(said)["rows"][0]["pull_requests"] == 1
    assert run("remove", rule.id[:8], "--yes")[0] == 0
    assert exclusions.rules(known) == []
