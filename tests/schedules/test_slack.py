"""A schedule that is posted to Slack, beside its mails or instead of them."""

from __future__ import annotations

import json
import re

import pytest

from core.base.errors import BadInput
from core.connections import service as connections
from core.reports import service as reports
from core.schedules import service
from tests.connections.conftest import hurry, slack  # noqa: F401 - fixtures
from tests.connections.conftest import service as replies  # noqa: F401 - a fixture
from tests.schedules.conftest import signed_in
from tests.schedules.test_bursts import crew  # noqa: F401 - a fixture
from tests.schedules.test_schedules import MONDAY
from tests.servers.replies import Reply

POST = "/chat.postMessage"


@pytest.fixture
def posted(stage, replies):  # noqa: F811 - the fixture itself
    blocks = [{"widget": "metric.summary", "params": {"metrics": ["commits_count"]}}]
    plan = {"title": "Weekly health", "window": {"range": "last_week"}, "sections": [{"blocks": blocks}]}
    stage.report_id = reports.create(stage.ctx, "Weekly health", plan=plan).id
    connections.create(stage.ctx, "team-slack", "slack", slack(replies))
    return replies


def due(stage):
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()


def test_it_is_posted_once_to_each_channel_beside_the_mails(stage, office, posted):
    wish = {"delivery_method": "both", "slack_connection": "team-slack", "slack_channels": ["#ops", "#dev"]}
    made = stage.schedule(recipients=["a@example.org"], formats=(), **wish)
    due(stage)
    service.run_finished(stage.house, stage.ctx.workspace.id, reports.runs(stage.ctx, stage.report_id)[0].id)
    stage.work()

    assert sorted(one.json["channel"] for one in posted.to(POST)) == ["#dev", "#ops"]
    assert [mail["To"] for mail in office.mails] == ["a@example.org"]
    log = {one.recipient: one.status for one in service.log(stage.ctx, made.id)}
    assert log == {"a@example.org": "delivered", "#ops in Slack": "delivered", "#dev in Slack": "delivered"}


def test_each_team_has_a_message_of_its_own(crew, office, replies):  # noqa: F811 - the fixture itself
    blocks = [{"widget": "metric.stat", "params": {"metric": "commits_count"}}]
    plan = {"title": "Commits", "window": {"range": "last_week"}, "sections": [{"blocks": blocks}]}
    crew.stage.report_id = reports.create(crew.stage.ctx, "Commits", plan=plan).id
    connections.create(crew.stage.ctx, "team-slack", "slack", slack(replies))
    crew.stage.schedule(
        recipients=["team:Platform", "team:Mobile"], bursts=True, formats=(), delivery_method="both",
        slack_connection="team-slack", slack_channels=["#leads"],
    )  # fmt: skip
    crew.due()

    numbers = {}
    for message in replies.to(POST):
        told = json.dumps(message.json["blocks"], ensure_ascii=False)
        (number,) = re.findall(r"\*([\d,]+)( commits)?\*", told)
        numbers[message.json["text"].partition(":")[0]] = int(number[0])
    assert numbers == {"Commits · Platform": 3, "Commits · Mobile": 4}
    assert sorted(mail["To"] for mail in office.mails) == ["ann@example.com", "bo@example.com", "cy@example.com"]


def test_slack_alone_needs_no_recipients_and_its_owner_is_told_of_a_failure(stage, office, posted):
    posted.routes[POST] = Reply({"ok": False, "error": "channel_not_found"})
    made = stage.schedule(
        recipients=[], formats=(), delivery_method="slack", slack_connection="team-slack", slack_channels=["#gone"]
    )
    due(stage)

    assert "no such channel" in service.get(stage.ctx, made.id).last_error
    assert [(mail["To"], mail["Subject"].partition(":")[0]) for mail in office.mails] == [
        ("ada@example.org", "Not delivered")
    ]


def test_what_cannot_be_reached_now_is_tried_later(stage, office, posted):
    posted.routes["/auth.test"] = Reply("busy", 500)
    made = stage.schedule(
        recipients=[], formats=(), delivery_method="slack", slack_connection="team-slack", slack_channels=["#ops"]
    )
    due(stage)
    assert [one.status for one in service.log(stage.ctx, made.id)] == ["waiting"] and not posted.to(POST)

    posted.routes["/auth.test"] = Reply({"ok": True})
    stage.hands.wait(minutes=2)
    stage.tick()
    stage.work()
    assert len(posted.to(POST)) == 1 and service.get(stage.ctx, made.id).last_error == ""


def test_what_is_missing_is_said_and_the_form_leads_to_connections(stage, posted):
    for wish, said in (
        ({}, "Choose the Slack connection"),
        ({"slack_connection": "team-slack"}, "Name at least one Slack channel"),
    ):
        with pytest.raises(BadInput, match=said):
            stage.schedule(delivery_method="slack", **wish)

    def script(ctx, report_id):
        from components.forms import schedule_edit

        schedule_edit.new_form(ctx, report_id)

    app = signed_in(stage, script, stage.ctx, stage.report_id)
    app.segmented_control(key="method_new").set_value("both").run()
    app.text_input(key="channels_new").set_value("#ops, #dev").run()
    app.button(key="schedule_create").click().run()

    assert not app.exception
    (made,) = service.schedules(stage.ctx)
    assert (made.delivery_method, made.slack_connection, made.slack_channels) == (
        "both",
        "team-slack",
        ["#ops", "#dev"],
    )


def test_a_webhook_posts_to_its_own_channel(stage, office, posted):
    posted.routes["/services/hush"] = Reply("ok")
    connections.create(stage.ctx, "team-hook", "slack_webhook", {"webhook_url": f"{posted.url}/services/hush"})
    with pytest.raises(BadInput, match="'team-hook' is a webhook: it posts to its own channel"):
        stage.schedule(delivery_method="slack", slack_connection="team-hook", slack_channels=["#ops"])
    made = stage.schedule(recipients=[], formats=("pdf",), delivery_method="slack", slack_connection="team-hook")
    assert "team-hook" in service.slack_connections(stage.ctx)
    due(stage)

    (message,) = [one.json for one in posted.to("/services/hush")]
    assert message["text"].startswith("Weekly health")
    assert [(one.recipient, one.status) for one in service.log(stage.ctx, made.id)] == [
        ("the webhook in Slack", "delivered")
    ]
