"""The view Calendar of the page Schedules, through the real frame."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from core.context import Context
from core.reports import service as reports
from core.schedules import service
from tests.pages import framed
from tests.schedules.conftest import Stage, join

MONDAY = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


@pytest.fixture
def opened(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """`opened(ctx, month="2026-03")` is the calendar for that user."""

    def enter(ctx: Context, **address: str) -> AppTest:
        return framed(stage.house, ctx, monkeypatch, "reports/schedules", view="calendar", **address)

    return enter


def month(page):
    """What is drawn of the month, a line for each entry: "16 09:00 Weekly health check Sent"."""
    html = next(body for one in page.get("html") if "sl-month" in (body := one.proto.body))
    return html.partition("</style>")[2]


def entries(page):
    words = (re.sub(r"<[^>]+>", " ", one) for one in re.findall(r'<a class="send.*?</a>', month(page)))
    return [" ".join(one.split()) for one in words]


def texts(page):
    kinds = (page.subheader, page.markdown, page.caption, page.info, page.warning, page.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def press(page, label):
    return next(button for button in page.button if button.label == label).click().run()


def test_a_month_shows_what_came_and_what_will_come_with_links(quick, opened, office):
    stage = quick
    made = stage.schedule(recipients=["team@example.org", "boss@example.org"])
    office.refusals["boss@example.org"] = "550 5.1.1 No such user"
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    reports.update(stage.ctx, stage.report_id, name='<img src=x onerror="x()"> & co')

    page = opened(stage.ctx)

    name = "&lt;img src=x onerror=&quot;x()&quot;&gt; &amp; co"
    assert not page.exception
    assert entries(page) == [
        f"09:00 {name} warning Partly sent", f"09:00 {name} schedule Planned", f"09:00 {name} schedule Planned",
    ]  # fmt: skip
    run = service.sends(stage.ctx, "2026-03").items[0].run_id
    assert f'href="report?report={made.report_id}&amp;run={run}"' in month(page)
    assert f'href="schedules?report={made.report_id}"' in month(page)
    assert 'aria-current="date"' in month(page).partition(">16<")[0].rpartition("<td")[2]
    assert "Days and times are those of Europe/Berlin" in texts(page)
    assert "boss" not in texts(page) + month(page)


def test_more_than_fit_open_their_day_and_an_entry_its_schedule(stage, opened):
    for hour in range(5):
        made = stage.schedule(cron=f"0 {9 + hour} 31 * *")
    page = opened(stage.ctx, month="2026-05")

    assert entries(page) == ["09:00 Weekly health schedule Planned", "10:00 Weekly health schedule Planned"]
    assert "+3 more" in month(page) and "view=calendar&amp;month=2026-05&amp;day=2026-05-31" in month(page)

    page = opened(stage.ctx, day="2026-05-31")
    assert [one.value for one in page.subheader] == ["May 2026"]
    assert "**Sunday 31 May 2026**" in texts(page) and "**13:00**" in texts(page)

    page = next(one for one in page.button if one.key and one.key.startswith(f"calendar_{made.id}")).click().run()
    assert page.query_params.get("view") is None and page.query_params["report"] == stage.report_id
    assert "The next five times" in [one.label for one in page.expander]


def test_months_follow_each_other_and_rows_are_cut_down(stage, opened):
    service.pause(stage.ctx, stage.schedule().id, "On holiday.")
    stage.schedule(cron="0 7 1 * *")
    page = press(opened(stage.ctx, month="2026-12", **{"as": "table"}), "Next")

    assert page.query_params["month"] == "2027-01"
    rows = page.dataframe[0].value
    assert list(rows["State"]) == ["Planned"] + ["Paused"] * 4 and set(rows["Remark"]) == {"", "On holiday."}
    page = page.multiselect(key="calendar_state").set_value(["coming"]).run()
    assert [str(at) for at in page.dataframe[0].value["When"]] == ["2027-01-01 07:00:00"]
    assert page.query_params["state"] in ("coming", ["coming"])

    page = press(page, "Today")
    assert [one.value for one in page.subheader] == ["March 2026"]
    assert "No send of March 2026 matches" in texts(page)


def test_where_there_is_nothing_it_says_what_to_do(stage, opened):
    assert "Nothing goes out by itself yet. Choose **Schedule a report**" in texts(opened(stage.ctx))

    made = stage.schedule(cron="0 9 2 1 *")
    assert "Nothing goes out in March 2026. The next one comes on Saturday 2 January 2027" in texts(opened(stage.ctx))
    service.pause(stage.ctx, made.id)
    assert "**Resume** one" in texts(opened(stage.ctx))
    wrong = opened(stage.ctx, month="2026-13")
    assert "'2026-13' is no month" in texts(wrong) and [one.value for one in wrong.subheader] == ["March 2026"]
    assert "'2026-04-01' is no day of March 2026" in texts(opened(stage.ctx, month="2026-03", day="2026-04-01"))


def test_a_viewer_sees_the_sends_of_what_they_may_see(stage, opened):
    stage.schedule()
    report = reports.create(stage.ctx, "Private", {"metrics": ["commits_count"]}, visibility="private")
    stage.report_id = report.id
    stage.schedule()
    viewer = join(stage.house, stage.ctx, "vera", "viewer")

    page = opened(viewer)

    assert not page.exception and set(entries(page)) == {"09:00 Weekly health schedule Planned"}
    assert page.selectbox(key="calendar_report").options == ["All reports", "Weekly health"]
    assert "Schedule a report" not in {one.label for one in page.button}
