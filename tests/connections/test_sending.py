"""What a report file says under `outputs` happens when the worker runs it: once, each by itself, told on the run."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa

from core.access import workspaces
from core.access.models import WorkspaceMember, WorkspaceRow
from core.base.errors import BadInput, Conflict, NotAllowed, NotFound
from core.bootstrap import House
from core.connections import service as connections
from core.context import SYSTEM, Context
from core.delivery.models import Delivery
from core.delivery.outputs.slack import Slack
from core.delivery.service import BACKOFF_S
from core.people import service as people
from core.people.views import Seen
from core.reports import reading, sending
from core.reports import service as reports
from core.reports.code import drafts
from core.reports.views import RunView
from core.schedules import posts
from core.schedules import service as schedules
from core.stores.files import FileStore
from tests.catalogue.factories import History
from tests.connections.conftest import mail, slack, store
from tests.delivery.conftest import Hands
from tests.delivery.post_office import PASSWORD, USER, PostOffice
from tests.schedules.conftest import Stage, join
from tests.servers.replies import Replies, Reply

FILE = """\
title: Ours
start_date: 2026-03-02
end_date: 2026-03-09
timezone: Europe/Berlin
views:
  words:
    plugin: text
    args: {markdown: All is **well**.}
outputs:
"""
CHAT = "  chat: {connection: team-slack, args: {channels: ['#ops']}}\n"
MAIL = "  mail: {connection: post, args: {email_to: ann@example.org, formats: [pdf]}}\n"
WEB = "  web: {connection: bucket, args: {prefix: weekly}}\n"
POST = "/chat.postMessage"


@dataclass
class Scene(Stage):
    """A stage with the outputs registered."""

    service: Replies
    office: PostOffice
    bucket: Any

    def saved(self, *outputs: str, ctx: Context | None = None, text: str = FILE) -> str:
        return drafts.save(ctx or self.ctx, text + "".join(outputs)).id

    def ran(self, report_id: str) -> RunView:
        run = reports.run_now(self.ctx, report_id)
        self.work()
        return reports.run(self.ctx, run.id)

    def states(self, run: RunView) -> dict[str, str]:
        return {one.name: one.state for one in sending.sent(self.ctx, run.id)}


@pytest.fixture
def scene(request: pytest.FixtureRequest, service: Replies, office: PostOffice, s3_address: str, bucket: Any) -> Scene:
    mailing: Callable[..., House] = request.getfixturevalue("mailing")
    hands: Hands = request.getfixturevalue("hands")
    house = mailing(smtp_user=USER, smtp_password=PASSWORD)
    system = house.context(workspaces.create(house.app, name="Acme", time_zone="Europe/Berlin", now=house.clock()))
    join(house, system, "root", "admin")
    ada = join(house, system, "ada", "manager")
    connections.create(ada, "team-slack", "slack", slack(service))
    connections.create(ada, "post", "smtp", mail(office))
    connections.create(ada, "bucket", "s3", store(s3_address, bucket, prefix="reports"))
    return Scene(house, ada, "", hands, service, office, bucket)


def keys(scene: Scene) -> set[str]:
    return {one.key for one in scene.bucket.objects.all()}


def test_a_run_goes_to_every_output_and_each_says_where_it_is(scene: Scene) -> None:
    run = scene.ran(scene.saved(CHAT, MAIL, WEB))

    assert (run.status, run.failures) == ("success", ())
    found = {one.name: (one.connection, one.state, one.said, one.attempts) for one in sending.sent(scene.ctx, run.id)}
    here = f"127.0.0.1:{scene.office.port}"
    name = "2026-03-02_2026-03-09_ours"
    assert found == {
        "chat": ("team-slack", "delivered", "Posted to #ops", 1),
        "mail": ("post", "delivered", f"Mailed to ann@example.org by {here}", 1),
        "web": (
            "bucket", "delivered", f"Put 1 object to s3://{scene.bucket.name}/reports/weekly/{name}/index.html", 1,
        ),
    }  # fmt: skip
    (message,) = scene.service.to(POST)
    assert "All is *well*." in str(message.json["blocks"])
    (letter,) = scene.office.mails
    (pdf,) = [part.get_content() for part in letter.iter_attachments()]
    assert "All is well." in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert f"reports/weekly/{name}/index.html" in keys(scene)


def test_a_scheduled_run_is_sent_beside_its_mails(scene: Scene) -> None:
    scene.report_id = scene.saved(CHAT)
    scene.schedule(recipients=["team@example.org"])
    scene.hands.wait(days=7)

    scene.tick()
    scene.work()

    assert len(scene.service.to(POST)) == 1
    assert [one["X-Envelope-To"] for one in scene.office.mails] == ["team@example.org"]


def test_a_test_of_a_schedule_goes_to_nobody_else(scene: Scene) -> None:
    scene.report_id = scene.saved(CHAT, WEB)
    made = scene.schedule()

    schedules.test(scene.ctx, made.id, "me@example.org")
    scene.work()

    assert [one["X-Envelope-To"] for one in scene.office.mails] == ["me@example.org"]
    assert (scene.service.asked, keys(scene)) == ([], set())


def test_a_preview_sends_nothing(scene: Scene) -> None:
    drafts.preview(scene.ctx, drafts.drafted(scene.ctx, FILE + CHAT + MAIL + WEB))
    scene.work()

    assert (scene.service.asked, scene.office.mails, keys(scene)) == ([], [], set())


def test_a_failing_output_fails_neither_the_run_nor_the_others(scene: Scene) -> None:
    scene.service.routes[POST] = Reply({"ok": False, "error": "not_in_channel"})

    run = scene.ran(scene.saved(CHAT, MAIL))

    assert (run.status, run.error) == ("success", None)
    assert scene.states(run) == {"chat": "failed", "mail": "delivered"}
    (chat,) = [one for one in sending.sent(scene.ctx, run.id) if one.name == "chat"]
    assert "Invite it there with /invite" in chat.said


def test_the_owner_is_told_of_an_output_that_failed_for_good(scene: Scene) -> None:
    scene.service.routes[POST] = Reply({"ok": False, "error": "channel_not_found"})

    run = scene.ran(scene.saved(CHAT))

    (notice,) = scene.office.to("ada@example.org")
    assert notice["Subject"] == "Not sent: Ours: 2 Mar 2026 – 8 Mar 2026"
    text = notice.get_body(("plain",)).get_content()
    assert "could not be sent to its output 'chat'" in text
    assert "there is no such channel" in text
    assert f"run={run.id}" in text.replace("\n", "")


def test_an_output_that_failed_is_sent_again_from_the_same_document(scene: Scene) -> None:
    scene.service.routes[POST] = [Reply({"ok": False, "error": "not_in_channel"}), Reply({"ok": True, "channel": "C"})]
    run = scene.ran(scene.saved(CHAT))
    (chat,) = sending.sent(scene.ctx, run.id)

    sending.send_again(scene.ctx, chat.id)
    scene.work()

    (chat,) = sending.sent(scene.ctx, run.id)
    assert (chat.state, chat.said, chat.attempts) == ("delivered", "Posted to #ops", 2)
    first, second = scene.service.to(POST)
    assert first.json["blocks"] == second.json["blocks"]
    with pytest.raises(Conflict):
        sending.send_again(scene.ctx, chat.id)


def test_a_mail_server_that_was_down_gets_it_once_when_it_is_back(scene: Scene) -> None:
    scene.office.stop()
    run = scene.ran(scene.saved(MAIL))

    (waiting,) = sending.sent(scene.ctx, run.id)
    assert (waiting.state, waiting.next_at) == ("waiting", scene.hands.now + timedelta(seconds=BACKOFF_S[0]))
    assert "Could not reach the mail server" in waiting.said
    scene.office.start()
    scene.hands.wait(seconds=BACKOFF_S[0])
    scene.tick()
    scene.work()

    assert scene.states(run) == {"mail": "delivered"}
    assert len(scene.office.mails) == 1


def test_a_run_that_is_taken_up_again_after_a_kill_is_sent_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    report_id = scene.saved(CHAT, MAIL)
    run = reports.run_now(scene.ctx, report_id)
    scene.house.queue.waiting.clear()  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:  # killed while it wrote its files
        patch.setattr(type(scene.house.files), "put", _killed)
        with pytest.raises(KeyboardInterrupt):
            reports.execute(scene.house, scene.ctx.workspace.id, run.id, "first")
    scene.hands.wait(minutes=5)

    reports.execute(scene.house, scene.ctx.workspace.id, run.id, "second")
    scene.work()
    reports.execute(scene.house, scene.ctx.workspace.id, run.id, "third")
    scene.work()

    assert scene.states(reports.run(scene.ctx, run.id)) == {"chat": "delivered", "mail": "delivered"}
    assert (len(scene.service.to(POST)), len(scene.office.mails)) == (1, 1)


def _killed(self: FileStore, *args: Any) -> Any:
    raise KeyboardInterrupt


def test_deliveries_that_the_queue_lost_are_sent_by_the_clock(scene: Scene) -> None:
    run = reports.run_now(scene.ctx, scene.saved(CHAT))
    reports.execute(scene.house, scene.ctx.workspace.id, run.id)
    scene.house.queue.waiting.clear()  # type: ignore[attr-defined]
    scene.hands.wait(minutes=11)

    scene.tick()
    scene.work()

    assert scene.states(reports.run(scene.ctx, run.id)) == {"chat": "delivered"}


def test_a_message_that_may_have_arrived_is_not_written_twice(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    send = Slack.send

    def killed_after(self: Slack, parcel: Any) -> str:
        send(self, parcel)
        raise KeyboardInterrupt

    run = reports.run_now(scene.ctx, scene.saved(CHAT))
    with monkeypatch.context() as patch:
        patch.setattr(Slack, "send", killed_after)
        with pytest.raises(KeyboardInterrupt):
            scene.work()
    scene.hands.wait(minutes=31)
    scene.tick()
    scene.work()

    (chat,) = sending.sent(scene.ctx, run.id)
    assert (chat.state, len(scene.service.to(POST))) == ("failed", 1)
    assert "so it may have arrived. Look there before you send it again." in chat.said
    sending.send_again(scene.ctx, chat.id)
    scene.work()
    assert (scene.states(reports.run(scene.ctx, run.id)), len(scene.service.to(POST))) == ({"chat": "delivered"}, 2)


def test_what_shows_pictures_from_afar_waits_until_they_are_there(scene: Scene) -> None:
    far = "  chat: {connection: team-slack, args: {channels: ['#ops'], image_remote_base_url: 'https://r.example'}}\n"
    run = reports.run_now(scene.ctx, scene.saved(far, WEB))
    reports.execute(scene.house, scene.ctx.workspace.id, run.id)
    queue = scene.house.queue.waiting  # type: ignore[attr-defined]
    queue[:] = [call for call in queue if call[0] == "deliver"]
    queue.reverse()

    posts.deliver(scene.house, *map(str, queue.pop(0)[1]))
    assert scene.states(reports.run(scene.ctx, run.id)) == {"chat": "waiting", "web": "waiting"}
    assert "has not put there yet" in sending.sent(scene.ctx, run.id)[0].said
    scene.work()
    scene.hands.wait(seconds=BACKOFF_S[0])
    scene.tick()
    scene.work()

    assert scene.states(reports.run(scene.ctx, run.id)) == {"chat": "delivered", "web": "delivered"}


def test_a_connection_that_went_away_is_told_at_its_output(scene: Scene) -> None:
    report_id = scene.saved(CHAT, MAIL)
    connections.remove(scene.ctx, connections.connection(scene.ctx, "team-slack").id)

    run = scene.ran(report_id)

    assert scene.states(run) == {"chat": "failed", "mail": "delivered"}
    (chat,) = [one for one in sending.sent(scene.ctx, run.id) if one.name == "chat"]
    assert chat.said == "There is no connection named 'team-slack' in 'Acme'. Add it on the Connections page."


def test_a_file_that_the_owner_may_have_sent_no_more_stays_here(scene: Scene) -> None:
    report_id = scene.saved(CHAT)
    with scene.house.app.session() as session:
        session.execute(
            sa.update(WorkspaceMember).where(WorkspaceMember.user_id == scene.ctx.actor.user_id).values(role="member")
        )

    run = scene.ran(report_id)

    assert (run.status, scene.service.asked) == ("success", [])
    with scene.house.app.reading() as session:
        (row,) = session.scalars(sa.select(Delivery).where(Delivery.channel == "output"))
    assert "The owner of 'Ours' may have no reports sent in 'Acme'." in row.last_error


def test_a_member_saves_no_report_that_is_sent(scene: Scene) -> None:
    member = join(scene.house, scene.ctx.as_actor(SYSTEM), "max", "member")

    draft = drafts.drafted(member, FILE + CHAT)
    with pytest.raises(NotAllowed, match="may not schedule reports"):
        scene.saved(CHAT, ctx=member)
    with pytest.raises(NotAllowed, match="may not schedule reports"):
        reports.clone(member, scene.saved(CHAT))

    assert draft.plan is not None
    assert [(one.level, one.place.line) for one in draft.problems] == [("warning", 10)]
    assert "which the role 'member' may not: saving it is refused" in draft.problems[0].sentence


def test_a_member_sends_nothing_again(scene: Scene) -> None:
    scene.service.routes[POST] = Reply({"ok": False, "error": "not_in_channel"})
    run = scene.ran(scene.saved(CHAT))
    member = join(scene.house, scene.ctx.as_actor(SYSTEM), "max", "member")
    (chat,) = sending.sent(member, run.id)

    with pytest.raises(NotAllowed):
        sending.send_again(member, chat.id)


@pytest.mark.parametrize("individuals", ["self", "managers"])
def test_nothing_goes_out_that_the_owner_or_whoever_reads_it_there_may_not_see(scene: Scene, individuals: str) -> None:
    """Ada is a manager; in a channel, and at an address that nobody here has, somebody unknown reads."""
    system = scene.ctx.as_actor(SYSTEM)
    people.register(system, [Seen("ann@example.com", "Ann Archer")])
    history = History(system)
    history.commit("ann", "2026-03-03 09:00")
    history.ingest()
    view = """\
  who:
    plugin: metric.breakdown
    args: {metric: commits_count, by: person}
"""
    report_id = scene.saved(CHAT, MAIL, text=FILE.replace("outputs:\n", f"{view}outputs:\n"))
    run = reports.run_now(scene.ctx, report_id)
    reports.execute(scene.house, scene.ctx.workspace.id, run.id)
    with scene.house.app.session() as session:  # between the run and the sending
        session.execute(sa.update(WorkspaceRow).values(individuals=individuals))

    scene.work()

    assert scene.states(reports.run(scene.ctx, run.id)) == {"chat": "delivered", "mail": "delivered"}
    text = str(scene.service.to(POST)[0].json) + str(scene.office.mails[0])
    assert "Ann Archer" not in text
    assert reading.HIDDEN[:40] in text


def test_another_workspace_neither_sees_nor_repeats_it(scene: Scene) -> None:
    scene.service.routes[POST] = Reply({"ok": False, "error": "not_in_channel"})
    run = scene.ran(scene.saved(CHAT))
    (chat,) = sending.sent(scene.ctx, run.id)
    other = scene.house.context(workspaces.create(scene.house.app, name="Other", now=scene.house.clock()))

    with pytest.raises(NotFound):
        sending.sent(other, run.id)
    with pytest.raises(NotFound):
        sending.send_again(other, chat.id)


def test_a_report_with_outputs_is_scheduled_without_recipients_and_without_a_mail_server(
    scene: Scene, request: pytest.FixtureRequest
) -> None:
    scene.house = request.getfixturevalue("mailing")(smtp_host="")
    scene.report_id = scene.saved(CHAT)
    made = scene.schedule(recipients=["", " \n"])

    scene.hands.wait(days=7)
    scene.tick()
    scene.work()

    (seen,) = schedules.schedules(scene.ctx)
    assert (made.is_active, made.recipients) == (True, [])
    assert (seen.last_sent_at, seen.last_error) == (scene.hands.now, "")
    assert len(scene.service.to(POST)) == 1
    assert [(one.recipient, one.status) for one in schedules.log(scene.ctx)] == [("output 'chat'", "delivered")]
    assert schedules.resume(scene.ctx, schedules.pause(scene.ctx, made.id).id).is_active
    with pytest.raises(BadInput, match="needs at least one recipient"):
        schedules.create(scene.ctx, scene.saved("  box: {plugin: static}\n"), schedules.Wish())


def test_an_output_that_fails_stands_on_its_schedule(scene: Scene) -> None:
    scene.service.routes[POST] = Reply({"ok": False, "error": "not_in_channel"})
    scene.report_id = scene.saved(CHAT)
    scene.schedule(recipients=[])
    scene.hands.wait(days=7)

    scene.tick()
    scene.work()

    assert "Invite it there with /invite" in schedules.schedules(scene.ctx)[0].last_error
