"""The builder, run through the real frame: a form at the left, the real result at the right."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.bootstrap import House
from core.context import Context
from core.reports import drafts, editing, service
from core.reports.plan import NarrativeBlock, ProseBlock, WidgetBlock
from tests.pages import framed
from tests.reports.conftest import World
from tests.reports.test_pages import labels, press, texts

Users = Callable[..., Context]
Opened = Callable[..., AppTest]
LEADERS = {"widget": "people.leaderboard"}
MARCH = "2026-03-01..2026-03-09"


@pytest.fixture
def opened(house: House, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """`opened(mia, report=id)` is the builder for that user."""

    def enter(ctx: Context, **address: str) -> AppTest:
        return framed(house, ctx, monkeypatch, "reports/builder", **address)

    return enter


def a_report(ctx: Context, *blocks: dict[str, Any], **more: Any) -> str:
    plan = {"title": "Weekly", "window": {"range": MARCH, "compare": "none"}, "sections": [{"blocks": list(blocks)}]}
    return service.create(ctx, "Weekly", {"formats": ["json"]}, plan={**plan, **more}).id


def stat(metric: str = "commits_count", **own: Any) -> dict[str, Any]:
    return {"widget": "metric.stat", "params": {"metric": metric, "spark": False}, **own}


def numbers(page: AppTest) -> list[str]:
    return [metric.value for metric in page.metric]


def field(page: AppTest, kind: str, label: str) -> Any:
    """The first field of this kind with this label."""
    return next(one for one in getattr(page, kind) if one.label == label)


def put(page: AppTest, kind: str, label: str, value: Any) -> AppTest:
    field(page, kind, label).set_value(value)
    return page.run()


def pane(page: AppTest, name: str) -> AppTest:
    page.segmented_control(key="builder_pane").set_value(name)
    return page.run()


def test_a_new_report_is_made_beside_its_result(opened: Opened, user: Users, world: World) -> None:
    mia = user("mia")
    page = opened(mia)
    assert not page.exception
    assert "Summary in sentences" in " ".join(labels(page)) and "Commits" in [one.label for one in page.metric]

    page = press(page, "Begin with an empty page")
    assert numbers(page) == [] and "The report has no parts. Add one." in texts(page)
    page = put(page, "text_input", "Title", "Atlas")
    page = put(pane(page, "days"), "selectbox", "Days", "dates")
    page = put(page, "multiselect", "Teams", [world.teams["Atlas"]])
    page = press(pane(page, "parts"), "Add a part")
    page = put(page, "text_input", "Search", "commits per working")
    page = press(page, "Number")
    assert not page.exception
    page = put(page, "selectbox", "Metric", "commits_count")
    page = put(page, "text_input", "Heading", "What we did")
    # Bob's nine commits of February and Ann's nine of March, in the 30 days up to yesterday.
    assert (page.metric[0].label, numbers(page)) == ("What we did", ["18"])
    page = put(page, "segmented_control", "Width", 3)
    page = press(page, "Add a part")
    page = page.button(key="pick_prose").click().run()
    page = put(page, "text_area", "Words, in Markdown", "About {{ scope }}")
    assert "About Team: Atlas" in texts(page)
    assert "Unsaved changes. Kept as a draft at" in texts(page)

    page = press(page, "Save")

    assert not page.exception
    (report,) = service.reports(mia)
    assert report.report_plan
    block, words = report.report_plan.sections[0].blocks
    assert isinstance(block, WidgetBlock) and isinstance(words, ProseBlock)
    assert (block.title, block.params, block.columns) == ("What we did", {"metric": "commits_count"}, 3)
    assert (report.name, report.parameters.scope, words.markdown) == ("Atlas", "team", "About {{ scope }}")
    assert "All changes are saved." in texts(page) and page.query_params["report"] in (report.id, [report.id])


def test_parts_are_moved_doubled_and_taken_away_and_every_step_is_taken_back(opened: Opened, user: Users) -> None:
    mia = user("mia")
    report_id = a_report(mia, stat(), stat("lines_added"), {"kind": "narrative"})

    def order(page: AppTest) -> list[str]:
        return [one.label for one in page.metric]

    page = opened(mia, report=report_id)
    assert order(page) == ["Commits", "Lines added"]
    page = page.button(key="b0_down_0_0").click().run()
    assert order(page) == ["Lines added", "Commits"]
    page = page.menu_button(key="b1_menu_0_0").click("double").run()
    assert order(page) == ["Lines added", "Lines added", "Commits"]
    page = page.menu_button(key="b2_menu_0_2").click("away").run()
    assert order(page) == ["Lines added", "Lines added"]
    page = press(page, "Undo")
    page = press(page, "Undo")
    page = press(page, "Undo")
    assert order(page) == ["Commits", "Lines added"] and "All changes are saved." in texts(page)
    page = press(page, "Redo")
    assert order(page) == ["Lines added", "Commits"]
    page = press(page, "**Summary in sentences**")
    assert field(page, "segmented_control", "What it tells of").value == "report"
    assert not page.exception

    later = opened(mia, report=report_id)
    assert "You have an unsaved draft of **Weekly**" in texts(later) and not later.metric
    gone_on = press(later, "Go on")
    assert order(gone_on) == ["Lines added", "Commits"] and "Unsaved changes." in texts(gone_on)
    thrown = press(gone_on, "Throw them away")
    assert order(thrown) == ["Commits", "Lines added"] and drafts.kept(mia, report_id) is None
    assert not thrown.exception


def test_a_draft_whose_title_was_emptied_is_called_one_without_a_name(opened: Opened, user: Users) -> None:
    mia = user("mia")
    report_id = a_report(mia, stat())
    begun = drafts.begin(mia, report_id)
    unnamed = begun.draft.model_copy(update={"name": "", "plan": editing.change_report(begun.draft.plan, title="")})
    drafts.keep(mia, report_id, unnamed, begun.based_on)

    page = opened(mia, report=report_id)

    assert "You have an unsaved draft of a report without a name from" in texts(page)
    assert not page.exception


def test_what_is_wrong_is_listed_beside_the_form_and_leads_to_its_place(
    opened: Opened, user: Users, world: World
) -> None:
    mia = user("mia")
    report_id = a_report(mia, stat(), stat(scope={"people": [world.persons["dot"]]}, title="Of Dot"))
    page = opened(mia, report=report_id)

    assert ":orange[:material/error:] **Of Dot:** Its filters" in texts(page) and "Its filters leave nothing" in texts(
        page
    )
    page = press(page, "Show")
    assert field(page, "text_input", "Heading").value == "Of Dot"
    page = put(page, "multiselect", "People", [])
    assert "Nothing to mend." in texts(page) and numbers(page) == ["18", "18"]

    plan = {"title": "Weekly", "sections": [{"blocks": [stat("comits_count"), {"widget": "no.such"}, LEADERS]}]}
    page = put(pane(page, "look"), "text_area", "Plan as JSON", json.dumps(plan))
    assert "There is no metric named 'comits\\_count'. Did you mean 'commits\\_count'?" in texts(page)
    assert "**Leaderboard:** Leaderboards are off in 'Acme'." in texts(page)
    assert "There is no widget named 'no.such'." in texts(page) and not page.exception
    gone = {**plan, "scope": {"teams": ["x"], "names": {"x": "Atlantis"}}}
    page = put(page, "text_area", "Plan as JSON", json.dumps(gone))
    assert "The team 'Atlantis' is no longer there. Take it out of the filter" in texts(page)
    page = put(page, "text_area", "Plan as JSON", "{")
    assert "The plan is no JSON" in texts(page)
    page = press(page, "Save")
    assert "There is no metric named" in texts(page)
    assert len(list(service.get(mia, report_id).report_plan.widgets())) == 2  # type: ignore[union-attr]


def test_what_another_saved_meanwhile_is_told_with_the_choice(opened: Opened, user: Users) -> None:
    mia, ada = user("mia"), user("ada", "admin")
    report_id = a_report(mia, stat())
    page = put(opened(mia, report=report_id), "text_input", "Title", "Mine")
    hers = drafts.begin(ada, report_id)
    theirs = hers.draft.model_copy(
        update={"name": "Hers", "plan": editing.change_report(hers.draft.plan, title="Hers")}
    )
    drafts.save(ada, report_id, theirs, hers.based_on)

    page = press(page, "Save")

    assert "ada saved 'Hers' while you were changing it." in texts(page)
    page = press(page, "Save mine as a new report")
    assert {report.name for report in service.reports(mia)} == {"Hers", "Mine (2)"}
    mine = next(report for report in service.reports(mia) if report.name == "Mine (2)")
    saved = drafts.save(ada, mine.id, hers.draft, "")
    assert field(page.run(), "text_input", "Title").value == saved.name
    assert not page.exception


def test_a_report_of_choices_opens_in_parts_and_others_reports_do_not(opened: Opened, user: Users) -> None:
    mia, ben = user("mia"), user("ben")
    report = service.create(mia, "Choices", {"date_range": MARCH, "metrics": ["commits_count"], "compare": "none"})

    page = opened(mia, report=report.id)

    assert "Until now the parts of this report were made of its choices" in texts(page)
    assert numbers(page) == ["18"]
    page = press(page, "Save")
    saved = service.get(mia, report.id).report_plan
    assert saved and isinstance(saved.sections[0].blocks[0], NarrativeBlock)
    refused = opened(ben, report=report.id)
    assert "Only the owner of this report, its editors and admins may change it." in texts(refused)
    assert "Save" not in labels(refused) and not refused.exception
