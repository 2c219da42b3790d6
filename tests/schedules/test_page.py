"""The page Schedules through the real frame, as a manager, a viewer and a stranger see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from core.access import workspaces
from core.base.errors import Conflict, NotFound
from core.context import Context
from core.reports import service as reports
from core.schedules import service
from tests.pages import framed
from tests.schedules.conftest import Stage, join, signed_in

MONDAY = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


@pytest.fixture
def opened(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """`opened(ctx)` is the page for that user."""

    def enter(ctx: Context, **address: str) -> AppTest:
        return framed(stage.house, ctx, monkeypatch, "reports/schedules", **address)

    return enter


def texts(page):
    kinds = (page.title, page.subheader, page.markdown, page.caption, page.info, page.warning, page.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def press(page, label):
    return next(button for button in page.button if button.label == label).click().run()


def labels(page):
    return {button.label for button in page.button}


def test_an_empty_page_says_what_to_do(stage, opened):
    page = opened(stage.ctx)

    assert not page.exception
    assert "Nothing goes out by itself yet" in texts(page)


@pytest.fixture
def form(stage: Stage, opened: Callable[..., AppTest]) -> Callable[..., AppTest]:
    """`form("new_form")` is what a dialog holds: a test cannot keep a dialog open from one click to the next."""

    def shown(name: str, *args: object) -> AppTest:
        def script(name, ctx, *args):
            from components.forms import schedule_edit

            getattr(schedule_edit, name)(ctx, *args)

        return signed_in(stage, script, name, stage.ctx, *args)

    return shown


def test_a_dialog_opens_for_a_new_schedule_with_its_next_times(stage, opened):
    page = press(opened(stage.ctx), "Schedule a report")

    assert not page.exception
    assert "Mon 16 Mar 2026 09:00 CET" in texts(page)


def test_a_schedule_is_made(stage, form):
    page = form("new_form").multiselect(key="to_new").set_value(["team@example.org", "boss@example.org"]).run()
    page = press(page, "Schedule")

    assert not page.exception
    (made,) = service.schedules(stage.ctx)
    assert made.recipients == ["team@example.org", "boss@example.org"] and made.next_run_at == MONDAY


def test_of_two_reports_of_one_name_the_one_that_was_chosen_is_scheduled(stage, form):
    twin = reports.create(stage.ctx, "Weekly health", {"metrics": ["commits_count"]})
    page = form("new_form", twin.id).run()
    box = next(one for one in page.selectbox if one.label == "Report")
    assert len({*box.options}) == 2 and all(one.startswith("Weekly health · by ") for one in box.options)

    press(page.multiselect(key="to_new").set_value(["team@example.org"]).run(), "Schedule")

    assert [one.report_id for one in service.schedules(stage.ctx)] == [twin.id]


def test_a_wrong_address_is_told_and_nothing_is_saved(stage, form):
    page = form("new_form").multiselect(key="to_new").set_value(["nobody"]).run()

    assert "'nobody' is no mail address" in texts(press(page, "Schedule"))
    assert service.schedules(stage.ctx) == []


def test_a_cron_expression_that_cannot_be_read_is_told_before_saving(stage, form):
    page = form("new_form").segmented_control(key="rhythm_new").set_value("custom").run()
    page = page.text_input(key="cron_new").set_value("0 9 * *").run()

    assert "has 4 fields, not five" in texts(page)
    assert next(button for button in page.button if button.label == "Schedule").disabled


def test_a_schedule_is_changed(stage, form):
    made = stage.schedule()
    page = form("change_form", made).selectbox(key=f"zone_{made.id}").set_value("Asia/Kathmandu").run()

    assert not press(page, "Save").exception
    assert service.get(stage.ctx, made.id).sentence == "every Monday at 09:00 Asia/Kathmandu"


def test_pausing_resuming_and_testing(stage, opened, office):
    made = stage.schedule()
    page = press(opened(stage.ctx), "Pause")
    assert "Paused by Ada" in texts(page) and not service.get(stage.ctx, made.id).is_active

    page = press(page, "Resume")
    assert service.get(stage.ctx, made.id).is_active

    page = press(page, "Send me a test")
    stage.work()
    assert not page.exception
    assert [mail["To"] for mail in office.mails] == ["ada@example.org"]
    page = page.run()
    assert list(page.dataframe[-1].value["Recipient"]) == ["ada@example.org"]


def test_deleting_asks_first(stage, opened):
    stage.schedule()
    page = opened(stage.ctx)
    assert "The log of what was sent stays" in texts(page)

    press(page, "Delete the schedule")

    assert service.schedules(stage.ctx) == []


def test_the_last_error_is_shown(stage, opened, office):
    stage.schedule()
    office.refusals["team@example.org"] = "550 5.1.1 No such user"
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()

    page = opened(stage.ctx)

    assert "No such user" in texts(page)


def test_a_mail_that_was_refused_for_good_can_be_sent_again(stage, opened, office):
    stage.schedule()
    office.refusals["team@example.org"] = "550 5.1.1 No such user"
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    office.refusals.clear()
    assert office.to("team@example.org") == []
    page = opened(stage.ctx)
    assert "**Not delivered**" in texts(page)

    page = press(page, "Send again")
    stage.work()

    assert not page.exception
    assert len(office.to("team@example.org")) == 1
    (line,) = service.log(stage.ctx)
    assert (line.status, line.attempts) == ("delivered", 2)
    assert "**Not delivered**" not in texts(opened(stage.ctx))
    with pytest.raises(Conflict):
        service.send_again(stage.ctx, line.delivery_id)
    with pytest.raises(NotFound):
        service.send_again(stage.ctx, "somebody else's")


def test_a_missing_mail_server_is_told_with_what_to_set(stage, opened, mailing):
    stage.house = mailing(smtp_host="")

    assert "SIGHTLINE_SMTP_HOST" in texts(opened(stage.ctx))


def test_a_viewer_sees_times_but_no_buttons_and_no_log(stage, opened):
    stage.schedule()
    page = opened(join(stage.house, stage.ctx, "vera", "viewer"))

    assert not page.exception
    assert "Every Monday at 09:00" in texts(page)
    assert not labels(page) & {"Schedule a report", "Pause", "Change", "Send me a test", "Delete the schedule"}
    assert "Delivery log" not in texts(page)


def test_a_viewer_is_not_told_to_do_what_they_may_not(stage, opened, mailing):
    stage.house = mailing(smtp_host="")
    page = opened(join(stage.house, stage.ctx, "vera", "viewer"))

    assert "Nothing goes out by itself yet." in texts(page)
    assert "Schedule a report" not in texts(page) and "SIGHTLINE_SMTP_HOST" not in texts(page)


def test_another_workspace_shows_nothing_of_it(stage, opened):
    made = stage.schedule()
    other = workspaces.create(stage.house.app, name="Other", now=stage.hands.now)
    page = opened(join(stage.house, stage.house.context(other), "eve", "admin"), report=made.report_id)

    assert "Weekly health" not in texts(page)
