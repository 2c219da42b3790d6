"""Rules are made, tried on the past, changed, muted and taken away; what they find is told once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from threading import Thread

import pytest
import sqlalchemy as sa

from core.access import users
from core.access.models import WorkspaceMember
from core.alerts import service, watching
from core.alerts.models import AlertFinding, AlertRule
from core.alerts.wish import Wish
from core.base.errors import BadInput, Conflict, NotAllowed, NotFound
from core.connections import service as connections
from core.context import Context
from core.delivery.models import Delivery
from core.people import service as people
from core.people.views import Seen
from core.snapshots import service as snapshots
from tests.alerts.conftest import LAST_MONDAY, STEADY, Stage
from tests.catalogue.factories import History, fresh
from tests.delivery.post_office import PostOffice
from tests.schedules.conftest import join
from tests.servers.replies import Reply, replying

BURST = (*STEADY, 20)


def test_a_rule_is_tried_before_it_is_saved(stage: Stage) -> None:
    stage.weeks(BURST)
    trial = service.trial(stage.ctx, Wish(condition="outlier"))

    assert trial.sentence == "Would have fired once in the last 90 days."
    (one,) = trial.subjects
    (fired,) = one.fired
    assert (fired.point.first, fired.point.value) == (LAST_MONDAY, 20)
    assert len(one.points) == 13
    assert "8 of 13 periods cannot be judged: Only 7 earlier periods" in one.silent
    assert service.rules(stage.ctx) == []


def test_a_trial_rests_as_the_rule_would(stage: Stage) -> None:
    stage.weeks((10, 1, 10, 1, 10, 1))
    often = Wish(condition="change", threshold=0.5)

    assert service.trial(stage.ctx, often).times == 5
    rested = service.trial(stage.ctx, replace(often, cooldown=1))
    assert (rested.times, rested.subjects[0].rested) == (3, 2)


def test_a_finding_is_kept_and_told_by_mail_once(stage: Stage, office: PostOffice) -> None:
    stage.weeks(BURST)
    stage.rule(name="Bursts", recipients=("team@example.org",))

    for _ in range(3):
        stage.tick()
        stage.work()

    (found,) = service.findings(stage.ctx)
    assert found.period_label == "2 Mar 2026 – 8 Mar 2026"
    assert found.sentence.startswith("Commits: 20, 300 % more than the usual 5 (median of 12 earlier weeks")
    (mail,) = office.mails
    assert mail["Subject"] == "Alert: Bursts: 2 Mar 2026 – 8 Mar 2026"
    text = mail.get_body(("plain",)).get_content()
    assert "300 % more than the usual 5" in text
    assert f"/alerts?finding={found.id}" in text
    assert mail["List-Unsubscribe"]
    assert [(one.recipient, one.status) for one in service.sent(stage.ctx, found.id)] == [
        ("team@example.org", "delivered")
    ]


def test_the_number_of_a_finding_is_explained_by_its_rows(stage: Stage) -> None:
    from core.catalogue import service as catalogue
    from core.widgets.focus import asked

    stage.weeks(BURST)
    stage.rule()
    stage.tick()
    stage.work()

    (found,) = service.findings(stage.ctx)
    scope = asked(stage.ctx, found.explain)
    assert catalogue.explain(stage.ctx, found.metric, scope).value.value == 20
    assert len(catalogue.evidence(stage.ctx, found.metric, scope).rows) == 20


def test_two_workers_at_once_find_once(stage: Stage, office: PostOffice) -> None:
    stage.weeks(BURST)
    made = stage.rule(recipients=("team@example.org",))

    racing = [Thread(target=service.run, args=(stage.house, stage.ctx.workspace.id, made.id)) for _ in range(4)]
    for one in racing:
        one.start()
    for one in racing:
        one.join()
    stage.work()

    assert len(service.findings(stage.ctx)) == 1
    assert len(office.mails) == 1


def test_the_database_itself_refuses_a_second_finding(stage: Stage) -> None:
    stage.weeks(BURST)
    stage.rule()
    stage.tick()
    stage.work()
    with stage.house.app.reading() as session:
        row = session.scalars(sa.select(AlertFinding)).one()
        twin = {column.name: getattr(row, column.name) for column in AlertFinding.__table__.columns}

    with pytest.raises(sa.exc.IntegrityError), stage.house.app.session() as session:
        session.add(AlertFinding(**twin | {"id": "another"}))


def test_a_new_rule_watches_from_today_and_not_what_is_over(stage: Stage) -> None:
    stage.weeks(BURST)
    service.create(stage.ctx, Wish())
    stage.tick()
    stage.work()

    assert service.findings(stage.ctx) == []
    (view,) = service.rules(stage.ctx)
    assert view.outcomes[0].text == "No period has ended since the rule watches (11 Mar 2026)."

    stage.weeks((30,), last=date(2026, 3, 9))
    stage.hands.wait(days=7)
    stage.tick()
    stage.work()

    assert [one.first for one in service.findings(stage.ctx)] == [date(2026, 3, 9)]


def test_nothing_is_looked_at_twice_until_something_changes(stage: Stage) -> None:
    stage.weeks(STEADY)
    stage.rule()

    assert stage.tick() == 1
    assert stage.tick() == 0  # it is on the queue
    stage.work()
    assert stage.tick() == 0
    stage.weeks((40,))
    assert stage.tick() == 1
    stage.work()
    assert [one.value_text for one in service.findings(stage.ctx)] == ["45"]


def test_rules_wait_for_snapshots_that_are_being_made(stage: Stage) -> None:
    stage.weeks(BURST)
    stage.rule()
    run_id = snapshots.request(stage.house.context(stage.ctx.workspace))

    assert stage.tick() == 0
    snapshots.run(stage.house, stage.ctx.workspace.id, run_id)
    stage.house.queue.waiting.clear()  # type: ignore[attr-defined]
    assert stage.tick() == 1


def test_what_is_not_read_yet_does_not_fire_and_is_asked_for_again(stage: Stage) -> None:
    history = History(stage.house.context(stage.ctx.workspace))
    history.commit("ann", "2026-03-03 09:00")
    history.ingest(feeds=False)
    history.feed(until="2026-03-05")
    stage.renewed()
    stage.rule(condition="above", threshold=0)
    stage.tick()
    stage.work()

    assert service.findings(stage.ctx) == []
    assert service.rules(stage.ctx)[0].outcomes[0].state == "stale"
    assert "Sync the source" in service.rules(stage.ctx)[0].outcomes[0].text
    assert stage.tick() == 0
    stage.hands.wait(hours=1)
    assert stage.tick() == 1
    stage.work()
    assert service.findings(stage.ctx) == []

    history.feed(until="2026-03-10")
    fresh(stage.ctx)
    assert stage.tick() == 1
    stage.work()
    assert len(service.findings(stage.ctx)) == 1


def test_what_nobody_collects_never_fires_and_says_what_to_connect(stage: Stage) -> None:
    stage.rule(metric="deployment_frequency", condition="below", threshold=1)
    stage.tick()
    stage.work()

    outcome = service.rules(stage.ctx)[0].outcomes[0]
    assert outcome.state == "not_collected"
    assert "Choose under Rules what counts as a deployment" in outcome.text


def test_each_team_is_watched_by_itself(stage: Stage) -> None:
    everybody = people_of(stage, "ann", "bob", "cid", "dan")
    one, two = (people.create_team(stage.ctx, name).id for name in ("Atlas", "Beam"))
    for name, team in (("ann", one), ("bob", one), ("cid", two), ("dan", two)):
        people.set_membership(stage.ctx, everybody[name], team, date(2025, 1, 1))
    stage.weeks(BURST, "ann")
    stage.weeks((*STEADY, 5), "cid")
    stage.rule(subject_kind="team")
    stage.tick()
    stage.work()

    assert [(one.subject, one.value_text) for one in service.findings(stage.ctx)] == [("Atlas", "20")]
    states = {one.subject: one.state for one in service.rules(stage.ctx)[0].outcomes}
    assert states == {"Atlas": "fired", "Beam": "quiet"}


def test_a_muted_rule_keeps_what_it_finds_and_tells_nobody(stage: Stage, office: PostOffice) -> None:
    stage.weeks(BURST)
    made = stage.rule(recipients=("team@example.org",))
    service.mute(stage.ctx, made.id, stage.hands.now + timedelta(days=3))
    stage.tick()
    stage.work()

    assert [one.untold for one in service.findings(stage.ctx)] == ["the rule was muted"]
    assert office.mails == []
    assert service.mute(stage.ctx, made.id, None).muted_until is None
    with pytest.raises(BadInput, match="a time to come"):
        service.mute(stage.ctx, made.id, stage.hands.now)


def test_what_is_found_long_after_its_period_is_kept_and_not_told(stage: Stage, office: PostOffice) -> None:
    stage.weeks((*BURST, 5, 5))
    made = stage.rule(recipients=("team@example.org",))
    stage.began(made.id, date(2026, 2, 1))
    stage.tick()
    stage.work()

    assert [(one.first, one.untold) for one in service.findings(stage.ctx)] == [
        (date(2026, 2, 16), "its period had long ended when it was found")
    ]
    assert office.mails == []


def test_a_rule_rests_after_a_finding(stage: Stage) -> None:
    stage.weeks((10, 1, 10, 1, 10, 1))
    made = stage.rule(condition="change", threshold=0.5, cooldown=1)
    stage.began(made.id, date(2026, 1, 26))
    stage.tick()
    stage.work()

    assert [one.first for one in service.findings(stage.ctx)] == [
        date(2026, 3, 2), date(2026, 2, 16), date(2026, 2, 2),
    ]  # fmt: skip


def test_a_final_failure_is_told_to_whoever_made_the_rule(stage: Stage, office: PostOffice) -> None:
    office.refusals["gone@example.org"] = "550 5.1.1 No such user"
    stage.weeks(BURST)
    stage.rule(name="Bursts", recipients=("gone@example.org",))
    stage.tick()
    stage.work()

    (found,) = service.findings(stage.ctx)
    (letter,) = service.sent(stage.ctx, found.id)
    assert letter.status == "failed"
    assert "No such user" in letter.detail
    (notice,) = office.to("ada@example.org")
    said = notice.get_body(("plain",)).get_content()
    assert "could not be delivered to gone@example.org" in said
    assert "because the alert rule is yours" in said

    office.refusals.clear()
    service.send_again(stage.ctx, found.id, letter.id)
    stage.work()
    assert [one.status for one in service.sent(stage.ctx, found.id)] == ["delivered"]

    from core.delivery import bounces
    from tests.delivery import reports

    (mail,) = office.to("gone@example.org")
    bounces.take(stage.house, reports.postfix(mail["Message-ID"], "gone@example.org"))
    stage.work()
    (letter,) = service.sent(stage.ctx, found.id)
    assert (letter.status, letter.has_failed) == ("bounced", True)
    assert letter.detail == "The mail to gone@example.org came back: mx.example.org: 550 5.1.1 User unknown."
    assert len(office.to("ada@example.org")) == 1, "told once of one finding"


def test_a_mail_server_that_is_away_is_tried_again(stage: Stage, office: PostOffice) -> None:
    from core.delivery import service as delivery

    office.stop()
    stage.weeks(BURST)
    stage.rule(recipients=("team@example.org",))
    stage.tick()
    stage.work()
    (found,) = service.findings(stage.ctx)
    assert service.sent(stage.ctx, found.id)[0].status == "waiting"

    office.start()
    stage.hands.wait(minutes=2)
    delivery.sweep(stage.house)
    stage.work()
    assert service.sent(stage.ctx, found.id)[0].status == "delivered"
    assert len(office.mails) == 1


def test_a_finding_is_posted_to_each_slack_channel_by_the_rules_connection(stage: Stage) -> None:
    with replying() as slack:
        slack.routes["/chat.postMessage"] = lambda asked: Reply({"ok": True, "channel": asked.json["channel"]})
        upload = Reply({"ok": True, "upload_url": f"{slack.url}/up", "file_id": "F1"})
        slack.routes |= {"/files.getUploadURLExternal": upload, "/up": Reply("ok")}
        slack.routes["/files.completeUploadExternal"] = Reply({"ok": True})
        connections.create(stage.ctx, "chat", "slack", {"api_token": "x", "api": slack.url})
        stage.weeks(BURST)
        stage.rule(name="Bursts", slack_connection="chat", slack_channels=("#ops", "#team"))
        stage.tick()
        stage.work()

        posted = slack.to("/chat.postMessage")
    assert sorted(one.json["channel"] for one in posted) == ["#ops", "#team"]
    assert "300 % more than the usual 5" in posted[0].body.decode()
    (found,) = service.findings(stage.ctx)
    assert {(one.recipient, one.channel, one.status) for one in service.sent(stage.ctx, found.id)} == {
        ("#ops", "Slack", "delivered"), ("#team", "Slack", "delivered"),
    }  # fmt: skip


def test_a_rule_whose_maker_left_rests_and_tells_the_admins(stage: Stage, office: PostOffice) -> None:
    stage.weeks(BURST)
    made = stage.rule(name="Bursts", recipients=("team@example.org",))
    with stage.house.app.session() as session:
        session.execute(sa.delete(WorkspaceMember).where(WorkspaceMember.user_id == stage.ctx.actor.user_id))
    stage.tick()
    stage.work()

    root = as_root(stage)
    view = service.get(root, made.id)
    assert not view.is_active
    assert "may make no alerts" in view.paused_reason
    assert service.findings(root) == []
    assert [mail["Subject"] for mail in office.to("root@example.org")] == ["Paused: Bursts"]

    taken = service.enable(root, made.id)
    assert (taken.is_active, taken.created_by) == (True, "Root")


def test_another_question_begins_anew_and_other_recipients_do_not(stage: Stage) -> None:
    stage.weeks(BURST)
    made = stage.rule()
    stage.tick()
    stage.work()

    service.update(stage.ctx, made.id, recipients=("team@example.org",))
    with stage.house.app.reading() as session:
        assert session.get_one(AlertRule, made.id).watched_from == LAST_MONDAY
    service.update(stage.ctx, made.id, threshold=0.5)
    with stage.house.app.reading() as session:
        assert session.get_one(AlertRule, made.id).watched_from == date(2026, 3, 11)
    with pytest.raises(BadInput, match=r"A rule has no 'treshold'\. Did you mean 'threshold'\?"):
        service.update(stage.ctx, made.id, treshold=0.5)


def test_a_rule_is_taken_away_with_its_findings_and_waiting_letters(stage: Stage, office: PostOffice) -> None:
    office.stop()
    stage.weeks(BURST)
    made = stage.rule(recipients=("team@example.org",))
    stage.tick()
    stage.work()
    service.delete(stage.ctx, made.id)

    assert service.findings(stage.ctx) == []
    with stage.house.app.reading() as session:
        (letter,) = session.scalars(sa.select(Delivery)).all()
    assert (letter.status, letter.last_error) == ("cancelled", "The alert rule was deleted.")
    with pytest.raises(NotFound, match="There is no alert rule"):
        service.get(stage.ctx, made.id)


WRONG: tuple[tuple[dict[str, object], str], ...] = (
    ({"metric": "comits_count"}, "commits_count"),
    ({"condition": "over"}, "There is no condition 'over'"),
    ({"period_type": "hourly"}, "There is no period 'hourly'"),
    ({"condition": "change", "threshold": 0}, "threshold above 0 %"),
    ({"subject_kind": "person"}, "Name the people"),
    ({"subject_kind": "team", "subject_ids": ("Atlantis",)}, "There is no team 'Atlantis'"),
    ({"recipients": ("nobody",)}, "'nobody' is no mail address"),
    ({"slack_channels": ("#ops",)}, "Name the Slack connection"),
    ({"slack_connection": "chat", "slack_channels": ("#ops",)}, "There is no connection named 'chat'"),
    ({"least_history": 2}, "4 to 100"),
)


@pytest.mark.parametrize(("given", "sentence"), WRONG, ids=lambda one: str(one)[:40])
def test_what_cannot_be_is_refused_with_a_sentence(stage: Stage, given: dict[str, object], sentence: str) -> None:
    with pytest.raises((BadInput, NotFound), match=sentence):
        service.create(stage.ctx, Wish(**given))  # type: ignore[arg-type]
    assert service.rules(stage.ctx) == []


def test_a_name_is_given_once(stage: Stage) -> None:
    service.create(stage.ctx, Wish(name="Bursts"))
    with pytest.raises(Conflict, match="named 'bursts' already"):
        service.create(stage.ctx, Wish(name="bursts"))


VERBS: dict[str, Callable[[Context, str], object]] = {
    "create": lambda ctx, rule: service.create(ctx, Wish()),
    "trial": lambda ctx, rule: service.trial(ctx, Wish()),
    "update": lambda ctx, rule: service.update(ctx, rule, cooldown=1),
    "enable": service.enable,
    "disable": service.disable,
    "mute": lambda ctx, rule: service.mute(ctx, rule, None),
    "delete": service.delete,
}


@pytest.mark.parametrize("role", ["viewer", "member"])
@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_only_managers_and_admins_make_and_change_rules(
    stage: Stage, verb: Callable[[Context, str], object], role: str
) -> None:
    made = stage.rule()
    with pytest.raises(NotAllowed, match="may not manage alerts"):
        verb(join(stage.house, stage.ctx, role, role), made.id)


def test_a_persons_rule_needs_the_right_to_see_them_and_hides_from_the_rest(stage: Stage) -> None:
    everybody = people_of(stage, "ann")
    stage.weeks(BURST)
    made = stage.rule(subject_kind="person", subject_ids=(everybody["ann"],))
    stage.tick()
    stage.work()
    assert [one.subject for one in service.findings(stage.ctx)] == ["Ann"]

    hidden = replace(stage.ctx.workspace, individuals="self")
    closed = replace(stage.ctx, workspace=hidden)
    herself = closed.as_actor(replace(stage.ctx.actor, person_id=everybody["ann"]))
    assert service.rules(closed) == [] and service.findings(closed) == []
    assert len(service.findings(herself)) == 1
    with pytest.raises(NotAllowed):
        service.create(closed, Wish(name="Spying", subject_kind="person", subject_ids=(everybody["ann"],)))
    with pytest.raises(NotFound):
        service.update(closed, made.id, cooldown=1)


def test_a_team_of_one_is_a_person_too(stage: Stage) -> None:
    everybody = people_of(stage, "ann")
    team = people.create_team(stage.ctx, "Solo").id
    people.set_membership(stage.ctx, everybody["ann"], team, date(2025, 1, 1))
    stage.weeks(BURST)
    stage.rule(subject_kind="team")
    stage.tick()
    stage.work()
    assert len(service.findings(stage.ctx)) == 1

    closed = replace(stage.ctx, workspace=replace(stage.ctx.workspace, individuals="self"))
    assert service.findings(closed) == []
    with pytest.raises(NotAllowed, match="This team has one member"):
        service.trial(closed, Wish(subject_kind="team", subject_ids=("Solo",)))


def test_wellbeing_of_a_small_team_is_told_to_those_who_may_see_its_people(stage: Stage) -> None:
    everybody = people_of(stage, "ann", "bob")
    team = people.create_team(stage.ctx, "Duo").id
    for name in ("ann", "bob"):
        people.set_membership(stage.ctx, everybody[name], team, date(2025, 1, 1))
    stage.weeks(BURST)
    stage.rule(metric="late_night_commit_ratio", subject_kind="team", condition="below", threshold=0.5)
    stage.tick()
    stage.work()
    assert [one.subject for one in service.findings(stage.ctx)] == ["Duo"]

    closed = replace(stage.ctx, workspace=replace(stage.ctx.workspace, individuals="self"))
    assert service.findings(closed) == []
    assert [view.outcomes for view in service.rules(closed)] == [()]


def test_a_rule_runs_with_the_rights_of_whoever_changed_it_last(stage: Stage) -> None:
    stage.weeks(BURST)
    made = service.create(as_root(stage), Wish(name="Bursts"))
    assert made.created_by == "Root"

    assert service.update(stage.ctx, made.id, recipients=("ada@example.org",)).created_by == "Ada"


def test_another_workspace_knows_nothing_of_it(stage: Stage) -> None:
    from core.access import workspaces

    stage.weeks(BURST)
    made = stage.rule()
    stage.tick()
    stage.work()
    other = stage.house.context(workspaces.create(stage.house.app, name="Other", now=stage.hands.now))

    assert service.rules(other) == [] and service.findings(other) == []
    for verb in (service.enable, service.disable, service.delete):
        with pytest.raises(NotFound):
            verb(other, made.id)
    service.run(stage.house, other.workspace.id, made.id)
    assert len(service.findings(stage.ctx)) == 1


def as_root(stage: Stage) -> Context:
    root = users.named(stage.house.app, "root")
    return stage.ctx.as_actor(users.actor_for(stage.house.app, root.id, stage.ctx.workspace.id))


def people_of(stage: Stage, *names: str) -> dict[str, str]:
    """Persons whom the facts of these words belong to, by word."""
    people.register(stage.ctx, [Seen(f"{name}@example.com", name.title()) for name in names])
    stage.renewed()
    return {one.name.lower(): one.id for one in people.people(stage.ctx)}


def test_what_is_as_it_stands_at_a_periods_end_is_watched_period_by_period(stage: Stage) -> None:
    ctx = stage.house.context(stage.ctx.workspace)
    history = History(ctx)
    history.file("ann", "2026-02-10 09:00", "a.py", additions=10)
    history.file("bob", "2026-02-25 09:00", "a.py", additions=8)
    history.file("cleo", "2026-02-25 09:00", "a.py", additions=8)
    history.file("ann", "2026-02-10 09:00", "a.py", repo="web")
    ctx = history.ingest()

    def values(kind: str) -> dict[str, list[float | None]]:
        wish = Wish(metric="bus_factor", subject_kind=kind, period_type="weekly")
        told = watching.courses(ctx, wish, date(2026, 2, 9), date(2026, 3, 9))
        return {course.subject.name: [point.value for point in course.points[-4:]] for course in told}

    # Ann alone; from the week of 23 February on Bob and Cleo hold more than half together.
    assert values("repo") == {"app": [1, 1, 2, 2], "web": [1, 1, 1, 1]}
    assert list(values("workspace").values()) == [[1, 1, 2, 2]]
