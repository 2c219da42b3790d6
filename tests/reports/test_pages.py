"""The report pages, run through the real frame, as members and viewers see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.base.errors import NotFound
from core.bootstrap import House
from core.catalogue import service as catalogue
from core.context import Context
from core.exports import service as exports
from core.figures import Stat
from core.people import service as people
from core.reports import reading, service
from core.reports.views import RunView
from core.schedules import service as schedules
from core.schedules.wish import Wish
from tests.pages import framed
from tests.reports.conftest import FORMATS, World

Users = Callable[..., Context]
Opened = Callable[..., AppTest]
MARCH = "2026-03-01..2026-03-10"


@pytest.fixture
def opened(house: House, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """`opened(mia, "report", report=id)` is that page for that user."""

    def enter(ctx: Context, name: str, **address: str) -> AppTest:
        return framed(house, ctx, monkeypatch, f"reports/{name}", **address)

    return enter


def texts(page: AppTest) -> str:
    shown: tuple[Any, ...] = (
        *page.title, *page.subheader, *page.markdown, *page.caption, *page.info, *page.warning, *page.error,
    )  # fmt: skip
    return "\n".join(str(element.value) for element in shown)


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def a_report(ctx: Context, name: str = "Weekly *Health*") -> str:
    chosen = {"date_range": MARCH, "metrics": ["commits_count"], "formats": FORMATS}
    blocks = [{"widget": "metric.stat", "params": {"metric": "commits_count", "spark": False}}]
    plan = {"title": name, "window": {"range": MARCH}, "sections": [{"title": "At a glance", "blocks": blocks}]}
    return service.create(ctx, name, chosen, description="For Atlas", plan=plan).id


def test_an_empty_library_says_what_to_do(opened: Opened, user: Users) -> None:
    page = opened(user("mia"), "reports")

    assert not page.exception
    assert "There is no report yet" in texts(page)
    assert "New report" in labels(page)


def test_the_library_lists_and_searches(opened: Opened, user: Users) -> None:
    mia = user("mia")
    a_report(mia), a_report(mia, "Monthly costs")
    service.create(mia, "Daily", {"metrics": ["commits_count"], "date_range": "last_1_days"})

    page = opened(mia, "reports")
    assert "Weekly \\*Health\\*" in texts(page)
    assert "3 reports" in texts(page) and "· Yesterday, compared with the period before" in texts(page)

    page.text_input(key="q").set_value("costs").run()
    assert "Weekly" not in texts(page)
    assert not page.exception


def test_a_viewer_sees_reports_and_no_button_that_changes_anything(
    opened: Opened, user: Users, finish: Callable[..., RunView]
) -> None:
    mia, vic = user("mia"), user("vic", "viewer")
    report_id = a_report(mia)
    finish(mia, service.run_now(mia, report_id))

    library, detail = opened(vic, "reports"), opened(vic, "report", report=report_id)

    for page in (library, detail):
        assert not page.exception
        assert not {"New report", "Run now", "Edit", "Clone", "Delete the report"} & set(labels(page))
        assert not page.get("download_button")
    assert "18" in texts(detail) or "At a glance" in texts(detail)


def test_run_now_leads_to_the_report_and_its_progress(opened: Opened, user: Users) -> None:
    mia = user("mia")
    report_id = a_report(mia)

    page = press(opened(mia, "reports"), "Run now")

    assert not page.exception
    assert "Stop it" in labels(page)
    (run,) = service.runs(mia, report_id)
    assert (run.status, run.triggered_by) == ("pending", "manual")


def test_a_run_can_be_stopped(opened: Opened, user: Users) -> None:
    mia = user("mia")
    report_id = a_report(mia)
    service.run_now(mia, report_id)

    press(opened(mia, "report", report=report_id), "Stop it")

    assert service.runs(mia, report_id)[0].status == "cancelled"


def test_a_result_shows_its_numbers_and_offers_every_format(
    opened: Opened, user: Users, finish: Callable[..., RunView]
) -> None:
    mia = user("mia")
    report_id = a_report(mia)
    finish(mia, service.run_now(mia, report_id))

    page = opened(mia, "report", report=report_id)

    assert not page.exception
    assert "1 Mar 2026 – 10 Mar 2026" in texts(page)
    assert "At a glance" in texts(page)
    assert len(page.get("download_button")) == 6


def test_any_number_of_a_result_is_explained_as_it_was_counted(
    opened: Opened, user: Users, finish: Callable[..., RunView], world: World
) -> None:
    mia = user("mia")
    people.set_bot(world.ctx, people.person(world.ctx, "ann@example.com").id, True)
    chosen = {"date_range": MARCH, "metrics": ["commits_count"], "formats": ["json"], "include_bots": True}
    report_id = service.create(mia, "With bots", chosen).id
    run = finish(mia, service.run_now(mia, report_id))

    scope = reading.scope(mia, run.id)
    page = press(opened(mia, "report", report=report_id), "Explain a number")

    figures = list(reading.document(mia, run.id).figures())
    stat = next(figure for figure in figures if isinstance(figure, Stat))
    assert stat.explain and stat.explain.include_bots
    assert catalogue.explain(mia, "commits_count", scope).value.value == stat.value
    assert catalogue.explain(mia, "commits_count", replace(scope, include_bots=False)).value.value != stat.value
    assert stat.text in [metric.value for metric in page.metric]
    assert not page.exception


def test_a_number_of_a_block_about_somebody_of_its_own_is_explained_for_them(
    opened: Opened, user: Users, finish: Callable[..., RunView], world: World
) -> None:
    mia = user("mia")
    stat = {"widget": "metric.stat", "params": {"metric": "commits_count", "spark": False}}
    blocks = [
        stat,
        {"widget": "metric.stat", "params": {**stat["params"], "person": "Ann"}},
        {"widget": "metric.table", "params": {"metrics": ["commits_count"], "by": "person", "team": "Borealis"}},
        {"widget": "metric.trend", "params": {"metric": "lines_added", "person": "Ann"}},
    ]
    plan = {"title": "Parts", "window": {"range": MARCH}, "sections": [{"blocks": blocks}]}
    report_id = service.create(mia, "Parts", {"date_range": MARCH, "formats": ["json"]}, plan=plan).id
    finish(mia, service.run_now(mia, report_id))

    page = press(opened(mia, "report", report=report_id), "Explain a number")

    def explained(box: str = "", choice: str = "") -> tuple[str, str]:
        """The number and whom it is about; a dialog stays open in a test only if its button is pressed again."""
        if box:
            page.selectbox(key=f"explain-{box}").select(choice)
            press(page, "Explain a number")
        about = next(mark.value for mark in page.markdown if "**About:**" in mark.value)
        return page.metric[-1].value, about.split("**About:** ")[1].split("\n")[0]

    where = "where-commits_count"
    assert page.selectbox(key=f"explain-{where}").options == ["All that the page shows", "Ann", "Borealis"]
    # Ann and Cem made nine commits each from 1 to 9 March; Bob's were in February, Dot's in January.
    assert explained() == ("18", "everybody in Acme")
    assert explained(where, "Ann") == ("9", "Ann")
    assert explained(where, "Borealis") == ("9", "Borealis")
    assert explained("whose", f"person:{world.persons['cem']}") == ("9", "Cem · Borealis")
    assert explained("metric", "lines_added")[1] == "Ann"
    assert "explain-where-lines_added" not in [box.key for box in page.selectbox]
    assert not page.exception


def test_a_number_is_explained_for_the_person_that_somebody_was_merged_into(
    user: Users, finish: Callable[..., RunView], world: World
) -> None:
    mia = user("mia")
    stat = {"widget": "metric.stat", "params": {"metric": "commits_count", "person": "Cem", "spark": False}}
    plan = {"title": "Cem", "window": {"range": MARCH}, "sections": [{"blocks": [stat]}]}
    report_id = service.create(mia, "Cem", {"date_range": MARCH, "formats": ["json"]}, plan=plan).id
    run = finish(mia, service.run_now(mia, report_id))
    people.merge(world.ctx, world.persons["dot"], world.persons["cem"])

    ((figure, about),) = reading.counted(mia, run.id, reading.document(mia, run.id).figures())

    assert isinstance(figure, Stat) and figure.value == 9
    assert about.person_ids == (world.persons["dot"],)
    assert catalogue.explain(mia, "commits_count", about).value.value == 9


@pytest.mark.parametrize("tab", ["Configuration", "History"])
def test_the_other_parts_of_a_report(opened: Opened, user: Users, finish: Callable[..., RunView], tab: str) -> None:
    mia = user("mia")
    report_id = a_report(mia)
    finish(mia, service.run_now(mia, report_id))

    page = opened(mia, "report", report=report_id, tab=tab)

    assert not page.exception
    if tab == "Configuration":
        assert "Runs with the rights of" in texts(page) and "When somebody runs it" in texts(page)
    else:
        assert list(page.dataframe[0].value["Status"]) == ["Done"]


def test_a_report_says_when_it_comes_and_takes_another_name(opened: Opened, user: Users) -> None:
    mia = user("mia", "manager")
    blocks = [{"widget": "metric.stat", "params": {"metric": "commits_count"}}]
    made = service.create(mia, "Weekly", plan={"title": "Weekly", "sections": [{"blocks": blocks}]})
    schedules.create(mia, made.id, Wish(cron="0 9 31 4 *", kept_only=True))

    page = opened(mia, "report", report=made.id, tab="Configuration")
    assert "At 09:00 on the last day of April UTC" in texts(page)
    assert "1 part under 1 heading" in texts(page) and "| Commits |" in texts(page)
    page.text_input(key=f"rename_name_{made.id}").set_value("Every spring")
    page.text_area(key=f"rename_about_{made.id}").set_value("What April brought.")
    page = press(page, "Save")

    assert not page.exception
    now = service.get(mia, made.id)
    assert now.report_plan is not None
    assert (now.name, now.report_plan.title, now.report_plan.description) == (
        "Every spring", "Every spring", "What April brought.",
    )  # fmt: skip


def test_a_deleted_report_can_be_brought_back_at_once(opened: Opened, user: Users) -> None:
    mia = user("mia")
    report_id = a_report(mia)

    page = press(opened(mia, "reports"), "Delete the report")
    assert service.reports(mia) == []
    page = press(page, "Undo")

    assert [report.id for report in service.reports(mia)] == [report_id]
    assert not page.exception


def test_a_clone_has_the_name_that_was_given(opened: Opened, user: Users) -> None:
    mia = user("mia")
    report_id = a_report(mia)

    page = opened(mia, "report", report=report_id)
    page.text_input(key=f"clone_name_{report_id}").set_value("Mine").run()
    press(page, "Clone")

    assert {report.name for report in service.reports(mia)} == {"Weekly *Health*", "Mine"}


def test_another_workspaces_report_is_not_there(opened: Opened, user: Users, house: House) -> None:
    from core.access import workspaces

    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))
    report_id = a_report(other, "Secret plans")

    page = opened(user("mia"), "report", report=report_id)

    assert "There is no such report in this workspace" in texts(page)
    assert "Secret" not in texts(page)


def test_without_a_report_the_page_says_where_to_find_one(opened: Opened, user: Users) -> None:
    page = opened(user("mia"), "report")

    assert "All reports" in texts(page)
    assert not page.exception


def test_a_template_makes_a_report_with_two_clicks(opened: Opened, user: Users, world: World) -> None:
    mia = user("mia")
    page = opened(mia, "templates")
    assert not page.exception
    for name in ("Weekly team health", "DORA, monthly", "Developer one-to-one"):
        assert name in texts(page)
    page.text_input(key="q").set_value("dora").run()
    assert "Weekly team health" not in texts(page)

    page.button(key="use_do_dora-monthly").click().run()
    assert not page.exception
    (made,) = service.reports(mia)
    assert made.name == "DORA, monthly"
    assert made.report_plan is not None


def test_versions_are_compared_and_gone_back_to_on_the_reports_page(opened: Opened, user: Users) -> None:
    mia = user("mia")
    report_id = a_report(mia)
    service.update(mia, report_id, description="Changed")

    page = opened(mia, "report", report=report_id, tab="Versions")
    assert "+description: Changed" in page.code[0].value
    page.button(key="version_back").click().run()

    assert not page.exception
    assert service.get(mia, report_id).description == "For Atlas"


def test_a_report_is_shared_archived_and_brought_back_by_its_owner(opened: Opened, user: Users) -> None:
    mia, ben = user("mia"), user("ben")
    report_id = a_report(mia, "Weekly")
    page = opened(mia, "report", report=report_id, tab="Sharing")
    page.radio(key="share_visibility").set_value("private").run()
    page.selectbox(key="share_whom").set_value("ben").run()
    page.selectbox(key="share_role").set_value("editor").run()
    page.button(key="share_do").click().run()
    assert not page.exception
    assert service.get(ben, report_id).may_edit
    assert "share_whom" not in {box.key for box in opened(ben, "report", report=report_id, tab="Sharing").selectbox}

    page.button(key=f"archive_{report_id}").click().run()
    assert "Archived by mia" in texts(page)
    press(page, "Take it back")
    assert service.get(mia, report_id).is_active

    service.delete(mia, report_id)
    shelf = opened(mia, "reports")
    shelf.segmented_control(key="shelf").set_value("deleted").run()
    assert "Weekly" in texts(shelf)
    press(shelf, "Bring it back")
    assert service.get(mia, report_id).deleted_at is None


def test_an_older_run_is_run_again(opened: Opened, user: Users, finish: Callable[..., RunView]) -> None:
    mia = user("mia")
    report_id = a_report(mia)
    run = finish(mia, service.run_now(mia, report_id))

    page = opened(mia, "report", report=report_id, run=run.id)
    press(page, "Run it again")

    assert not page.exception
    ran = {one.status: one for one in service.runs(mia, report_id)}
    assert (ran["pending"].version, ran["pending"].as_of) == (1, ran["success"].as_of)


def test_a_page_becomes_a_file_or_a_report(
    house: House, user: Users, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, vic = user("mia"), user("vic", "viewer")
    at = {"period": MARCH}
    page = framed(house, mia, monkeypatch, "dashboards/overview", **at)
    press(page, "Make the file")

    assert not page.exception
    (export,) = exports.exports(mia)
    assert (export.export_type, export.format, export.status) == ("page", "pdf", "pending")
    press(page, "Save as a report")
    (report,) = service.reports(mia)
    assert report.report_plan is not None
    assert (report.name, report.report_plan.window.range) == ("Overview", MARCH)
    assert "Make the file" not in labels(framed(house, vic, monkeypatch, "dashboards/overview", **at))


def test_a_sentence_becomes_a_report_after_it_was_shown(opened: Opened, user: Users, world: World) -> None:
    mia = user("mia")
    page = opened(mia, "templates")
    page.text_input(key="spoken").set_value("weekly dora for Atlas and the Zebras").run()

    assert not page.exception
    assert "**Template:** DORA, monthly" in texts(page)
    assert "'zebras' was not understood" in texts(page)
    assert service.reports(mia) == []
    press(page, "Make this report")
    (made,) = service.reports(mia)
    assert made.name == "DORA, monthly of Atlas"


def test_a_failed_run_leads_to_what_can_be_done(opened: Opened, user: Users, finish: Callable[..., RunView]) -> None:
    mia = user("mia")
    plan = {"title": "Web", "datasources": {"web": {"connection": "Nowhere"}}, "sections": [{"blocks": [
        {"kind": "view", "id": "one", "view": "single_stat", "args": {"datasource": "web", "query": "select 1"}},
    ]}]}  # fmt: skip
    report = service.create(mia, "Web", plan=plan)
    with pytest.raises(NotFound):
        finish(mia, service.run_now(mia, report.id))

    page = opened(mia, "report", report=report.id)
    assert "The last run failed. There is no connection named 'Nowhere'" in texts(page)
    assert "It has no result yet. Mend what is said above, then choose **Run now**." in texts(page)
    assert "What to do when a report fails" in [link.proto.label for link in page.get("page_link")]
    book = opened(mia, "failures")
    assert not book.exception
    assert "Start here" in texts(book)
