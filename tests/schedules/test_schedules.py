"""A schedule's life: made, due, run, sent, missed, paused, gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from components.deeds import words
from core.access import users, workspaces
from core.base.errors import BadInput, Conflict, NotAllowed, NotFound
from core.delivery import domains
from core.delivery.models import Delivery
from core.reports import quotas
from core.reports import service as reports
from core.reports.models import ReportRun, SavedReport
from core.schedules import service
from core.schedules.models import Occurrence, ScheduledReport
from core.schedules.wish import Wish
from tests.catalogue.factories import History
from tests.schedules.conftest import join

MONDAY = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)
"""09:00 in Berlin, the first Monday after NOW."""


def occurrences(stage):
    with stage.house.app.reading() as session:
        asked = sa.select(Occurrence).order_by(Occurrence.due_at)
        return [(row.due_at, row.status) for row in session.scalars(asked)]


def runs(stage):
    with stage.house.app.reading() as session:
        return session.scalars(sa.select(ReportRun).order_by(ReportRun.created_at)).all()


def test_a_new_schedule_says_when_it_comes(stage):
    made = stage.schedule(cron="weekly")

    assert made.sentence == "every Monday at 09:00 Europe/Berlin"
    assert made.next_run_at == MONDAY
    assert made.is_active and made.created_by == "Ada"


def test_the_next_times_are_shown_in_both_zones_across_a_clock_change(stage):
    made = stage.schedule(cron="weekly")

    fires = service.next_fires(stage.ctx, made.id, 3, "America/New_York")

    assert [fire.local for fire in fires] == [
        "Mon 16 Mar 2026 09:00 CET",
        "Mon 23 Mar 2026 09:00 CET",
        "Mon 30 Mar 2026 09:00 CEST",
    ]
    assert fires[0].yours == "Mon 16 Mar 2026 04:00 EDT"


def test_a_due_report_runs_once_and_arrives(stage, office):
    stage.schedule(recipients=["team@example.org", "boss@example.org"])
    assert stage.tick() == 0
    stage.hands.now = MONDAY

    assert stage.tick() == 1
    assert stage.tick() == 0
    stage.work()

    (run,) = runs(stage)
    assert run.status == "success" and run.triggered_by == "scheduler" and run.as_of == MONDAY
    assert occurrences(stage) == [(MONDAY, "posted")]
    assert sorted(mail["To"] for mail in office.mails) == ["boss@example.org", "team@example.org"]
    (view,) = service.schedules(stage.ctx)
    assert view.next_run_at == MONDAY + timedelta(days=7)
    assert view.last_sent_at == MONDAY and view.last_error == ""


def test_the_database_itself_refuses_a_second_occurrence(stage):
    made = stage.schedule()
    row = {
        "workspace_id": stage.ctx.workspace.id, "schedule_id": made.id, "due_at": MONDAY, "claimed_at": MONDAY,
        "kind": "due", "test_recipient": "", "status": "running", "note": "",
    }  # fmt: skip
    with stage.house.app.session() as session:
        session.add(Occurrence(**row))
    with pytest.raises(sa.exc.IntegrityError), stage.house.app.session() as session:
        session.add(Occurrence(**row))


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # 02:30 does not exist
        (datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # 02:30 comes twice
    ],
)
def test_both_clock_changes_give_one_run(stage, day, due):
    stage.hands.now = day.replace(hour=0) - timedelta(hours=12)
    stage.schedule(cron="30 2 * * *")

    while stage.hands.now < day:
        stage.tick()
        stage.hands.wait(minutes=15)

    assert [at for at, _ in occurrences(stage)] == [due]


def test_after_downtime_the_newest_missed_report_is_sent_once(stage, office):
    stage.schedule(cron="daily", catch_up="run_once")
    stage.hands.now = MONDAY + timedelta(days=3, hours=2)

    assert stage.tick() == 1
    stage.work()

    assert occurrences(stage) == [(MONDAY + timedelta(days=3), "posted")]
    assert runs(stage)[0].as_of == MONDAY + timedelta(days=3)
    assert len(office.mails) == 1
    (view,) = service.schedules(stage.ctx)
    assert view.next_run_at == MONDAY + timedelta(days=4)


def test_after_downtime_a_schedule_may_wait_for_its_next_time(stage):
    stage.schedule(cron="daily", catch_up="skip")
    stage.hands.now = MONDAY + timedelta(days=3, hours=2)

    assert stage.tick() == 0

    assert occurrences(stage) == [(MONDAY + timedelta(days=3), "skipped")]
    stage.hands.now = MONDAY + timedelta(days=4, minutes=1)
    assert stage.tick() == 1


def test_a_run_that_fails_moves_on_tells_the_owner_why_and_readers_that_it_did(stage, office):
    made = stage.schedule(recipients=["team@example.org", "ada@example.org"])
    with stage.house.app.session() as session:
        session.execute(sa.update(SavedReport).values(parameters={"date_range": "no_such_range"}))
    stage.hands.now = MONDAY

    stage.tick()
    stage.work()

    assert runs(stage)[0].status == "failed"
    (to_team,), (to_ada,) = office.to("team@example.org"), office.to("ada@example.org")
    assert to_team["Subject"] == "Weekly health: not available this time"
    assert "no_such_range" not in to_team.as_string()
    assert to_ada["Subject"] == "Failed: Weekly health"
    assert "no_such_range" in to_ada.get_body(("plain",)).get_content()
    view = service.get(stage.ctx, made.id)
    assert "no_such_range" in view.last_error
    assert view.is_active and view.next_run_at == MONDAY + timedelta(days=7)


def test_a_partial_report_is_sent_with_a_sober_word_and_the_owner_gets_the_reasons(stage, office):
    stage.schedule(recipients=["team@example.org", "gone@example.org"])
    office.refusals["gone@example.org"] = "550 5.1.1 No such user here"
    with stage.house.app.session() as session:
        parameters = {"metrics": ["commits_count", "no_such_metric"], "date_range": "last_week"}
        session.execute(sa.update(SavedReport).values(parameters=parameters))
    stage.hands.now = MONDAY

    stage.tick()
    stage.work()

    assert runs(stage)[0].status == "partial"
    (to_team,), (to_ada, refused) = office.to("team@example.org"), office.to("ada@example.org")
    for kind in ("plain", "html"):
        assert "Some parts of this report could not be made this time" in to_team.get_body((kind,)).get_content()
    assert to_ada["Subject"] == "Parts missing: Weekly health"
    assert "no_such_metric" in to_ada.get_body(("plain",)).get_content()
    assert refused["Subject"].startswith("Not delivered: Weekly health"), "and of whom it did not reach"


def test_a_run_whose_end_nobody_told_is_told_by_the_next_tick(stage, office):
    stage.schedule()
    stage.hands.now = MONDAY
    stage.tick()
    queue = stage.house.queue
    (call,) = queue.waiting
    reports.execute(stage.house, *call[1])
    queue.waiting.clear()  # the worker was killed before it could put "run_finished"

    stage.tick()
    stage.work()
    stage.tick()
    stage.work()

    assert len(office.mails) == 1


def test_a_run_that_ends_twice_is_sent_once(stage, office):
    stage.schedule()
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()

    service.run_finished(stage.house, stage.ctx.workspace.id, runs(stage)[0].id)
    stage.work()

    assert len(office.mails) == 1


def test_a_disabled_owner_pauses_the_schedule_and_the_admins_are_told(stage, office):
    made = stage.schedule()
    system = stage.house.context(stage.ctx.workspace)
    users.set_active(system, "ada", False)
    stage.hands.now = MONDAY

    assert stage.tick() == 0
    stage.work()

    root = join(stage.house, system, "second", "admin")
    view = service.get(root, made.id)
    assert not view.is_active and "no longer a member" in view.paused_reason
    (notice,) = office.mails
    assert notice["To"] == "root@example.org" and notice["Subject"] == "Paused: Weekly health"


def test_a_schedule_rests_with_its_deleted_report_and_comes_back_with_it(stage, office):
    made = stage.schedule()
    reports.delete(stage.ctx, stage.report_id)
    stage.hands.now = MONDAY

    assert stage.tick() == 0
    assert service.schedules(stage.ctx) == []
    assert office.mails == []

    reports.restore(stage.ctx, stage.report_id)
    assert service.get(stage.ctx, made.id).is_active
    assert stage.tick() == 1


def test_jitter_is_the_same_every_time_and_shown(stage):
    made = stage.schedule(jitter_s=900)
    again = service.get(stage.ctx, made.id)

    assert 0 <= made.offset_s <= 900 and made.offset_s == again.offset_s
    assert made.next_run_at == MONDAY + timedelta(seconds=made.offset_s)
    assert bool(made.jitter_text) == bool(made.offset_s)
    stage.hands.now = MONDAY + timedelta(seconds=made.offset_s - 1)
    assert stage.tick() == 0
    stage.hands.wait(seconds=1)
    assert stage.tick() == 1
    assert occurrences(stage)[0][0] == MONDAY, "it is due at its time, however late it starts"


def test_jitter_differs_between_schedules(stage):
    assert len({stage.schedule(jitter_s=3600).offset_s for _ in range(8)}) > 4


def test_a_changed_schedule_is_planned_anew(stage):
    made = stage.schedule()

    changed = service.update(stage.ctx, made.id, cron="0 6 * * 2", time_zone="UTC", recipients=["x@example.org"])

    assert changed.next_run_at == datetime(2026, 3, 17, 6, tzinfo=UTC)
    assert changed.recipients == ["x@example.org"] and changed.formats == ["html"]


def test_a_paused_schedule_sends_nothing_and_resumes_at_its_next_time(stage):
    made = stage.schedule()
    paused = service.pause(stage.ctx, made.id)
    stage.hands.now = MONDAY + timedelta(days=1)

    assert stage.tick() == 0
    assert paused.paused_reason == "Paused by Ada." and paused.next_run_at is None
    assert service.resume(stage.ctx, made.id).next_run_at == MONDAY + timedelta(days=7)


def test_a_deleted_schedule_sends_nothing_not_even_what_waits(stage, office):
    made = stage.schedule()
    office.stop()
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    assert service.log(stage.ctx, made.id)[0].status == "waiting"

    service.delete(stage.ctx, made.id)
    office.start()
    stage.hands.wait(hours=1)
    stage.tick()
    stage.work()

    assert office.mails == []
    with pytest.raises(NotFound):
        service.get(stage.ctx, made.id)
    assert service.log(stage.ctx)[0].status == "called off"


def test_a_test_goes_to_whoever_asked_and_to_nobody_else(stage, office):
    made = stage.schedule(recipients=["team@example.org"])

    service.test(stage.ctx, made.id)
    stage.work()

    (mail,) = office.mails
    assert mail["To"] == "ada@example.org"
    assert "This is a test" in mail.get_body(("plain",)).get_content()
    assert mail["List-Unsubscribe"] is None
    assert [(one.recipient, one.status) for one in service.log(stage.ctx, made.id)] == [
        ("ada@example.org", "delivered")
    ]
    assert service.get(stage.ctx, made.id).next_run_at == MONDAY


def test_what_is_sent_by_hand_goes_to_all_whatever_the_condition_and_its_next_time_stays(stage, office):
    made = stage.schedule(recipients=["team@example.org", "lead@example.org"], condition="commits > 1000000")

    (run_id,) = service.send_now(stage.ctx, made.id)
    stage.work()

    assert sorted(mail["To"] for mail in office.mails) == ["lead@example.org", "team@example.org"]
    assert all("This is a test" not in mail.get_body(("plain",)).get_content() for mail in office.mails)
    run = reports.run(stage.ctx, run_id)
    assert (run.triggered_by, run.status) == ("manual", "success")
    assert service.get(stage.ctx, made.id).next_run_at == MONDAY
    (sent,) = [one for one in service.sends(stage.ctx, f"{stage.hands.now:%Y-%m}").items if one.run_id]
    assert (sent.state, sent.detail) == ("sent", "Sent by hand by Ada.")


def test_two_who_send_in_the_same_moment_send_once_and_the_second_is_told(stage, office):
    made = stage.schedule()
    service.send_now(stage.ctx, made.id)

    with pytest.raises(Conflict, match="at this very moment, so it was not started twice"):
        service.send_now(stage.ctx, made.id)
    with pytest.raises(Conflict, match="at this very moment"):
        service.test(stage.ctx, made.id)

    stage.work()
    assert len(office.mails) == 1 and len(occurrences(stage)) == 1
    assert quotas.quota(stage.ctx).used == 1
    stage.hands.wait(microseconds=1)
    assert service.send_now(stage.ctx, made.id)


def test_a_schedule_needs_a_mail_server(mailing, stage):
    mailing(smtp_host="")

    made = stage.schedule()

    assert not made.is_active and "SIGHTLINE_SMTP_HOST" in made.paused_reason
    with pytest.raises(BadInput, match="SIGHTLINE_SMTP_HOST"):
        service.resume(stage.ctx, made.id)
    mailing()
    assert service.resume(stage.ctx, made.id).is_active


def test_what_waits_for_a_mail_server_comes_by_itself_once_there_is_one(mailing, stage, office):
    mailing(smtp_host="")
    waits, held = stage.schedule(), stage.schedule(cron="daily")
    service.pause(stage.ctx, held.id, "On holiday.")
    stage.tick()
    assert not service.get(stage.ctx, waits.id).is_active

    mailing()
    stage.tick()

    view = service.get(stage.ctx, waits.id)
    assert (view.is_active, view.paused_reason, view.next_run_at) == (True, "", MONDAY)
    assert service.get(stage.ctx, held.id).paused_reason == "On holiday."
    (told,) = [
        one
        for one in workspaces.audit(join(stage.house, stage.ctx, "eve", "admin"))
        if one["Which"] == waits.id and one["What"] == "schedule.wake"
    ]
    assert told["Who"] == "Sightline" and words(told["What"]) == "A schedule comes again, now that mail can be sent"


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"recipients": []}, "at least one recipient"),
        ({"recipients": ["nobody"]}, "no mail address"),
        ({"cron": "0 9 * *"}, "4 fields, not five"),
        ({"time_zone": "Berlin"}, "no time zone named 'Berlin'"),
        ({"catch_up": "run_all"}, "There is no catch-up 'run_all'. Choose run_once or skip."),
        ({"jitter_s": 99999}, "at most 3600 seconds"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(stage, wish, sentence):
    with pytest.raises(BadInput, match=sentence):
        stage.schedule(**wish)
    assert service.schedules(stage.ctx) == []


def test_unknown_formats_and_reports_are_refused(stage):
    with pytest.raises(NotFound, match="no format named 'pfd'"):
        stage.schedule(formats=("pfd",))
    with pytest.raises(NotFound):
        service.create(stage.ctx, "0" * 32, Wish(recipients=("a@example.org",)))


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_only_those_who_may_schedule_can_change_anything(stage, role):
    made = stage.schedule()
    other = join(stage.house, stage.ctx, f"some-{role}", role)

    for verb in (service.pause, service.resume, service.delete, service.test, service.send_now):
        with pytest.raises(NotAllowed, match="may not schedule reports"):
            verb(other, made.id)
    with pytest.raises(NotAllowed):
        service.log(other)
    assert [view.id for view in service.schedules(other)] == [made.id]


def test_another_workspace_sees_nothing_of_it(stage):
    from core.access import workspaces

    made = stage.schedule()
    other = workspaces.create(stage.house.app, name="Other", now=stage.hands.now)
    stranger = join(stage.house, stage.house.context(other), "eve", "admin")

    assert service.schedules(stranger) == [] and service.log(stranger) == []
    for verb in (service.get, service.pause, service.delete, service.test, service.next_fires):
        with pytest.raises(NotFound):
            verb(stranger, made.id)


def test_a_private_report_keeps_its_schedule_private(stage):
    reports.update(stage.ctx, stage.report_id, visibility="private")
    made = stage.schedule()
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()

    bob = join(stage.house, stage.ctx, "bob", "manager")
    assert service.schedules(bob) == [] and service.log(bob) == []
    for verb in (service.get, service.pause, service.delete, service.test, service.next_fires):
        with pytest.raises(NotFound):
            verb(bob, made.id)


def test_the_report_points_to_its_schedule(stage):
    made = stage.schedule()
    assert reports.get(stage.ctx, stage.report_id).schedule_id == made.id

    service.delete(stage.ctx, made.id)
    assert reports.get(stage.ctx, stage.report_id).schedule_id is None


def test_who_unsubscribed_is_shown_and_skipped(stage, office):
    made = stage.schedule(recipients=["team@example.org", "boss@example.org"])
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    from core.delivery import optout

    link = office.to("boss@example.org")[0]["List-Unsubscribe"].strip("<>")
    optout.leave(stage.house, link.partition("token=")[2])
    stage.hands.wait(days=7)
    stage.tick()
    stage.work()

    assert len(office.to("boss@example.org")) == 1 and len(office.to("team@example.org")) == 2
    assert service.get(stage.ctx, made.id).unsubscribed == ["boss@example.org"]
    with stage.house.app.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 4


def test_a_month_without_reports_left_is_skipped_and_its_owner_told_once(stage, office):
    root = stage.house.context(stage.ctx.workspace)
    quotas.choose(root, "custom", 1)
    made = stage.schedule(cron="daily")
    for day in range(3):
        stage.hands.now = MONDAY + timedelta(days=day)
        stage.tick()
        stage.work()

    assert [status for _, status in occurrences(stage)] == ["posted", "skipped", "skipped"]
    subjects = [mail["Subject"] for mail in office.mails if "Not sent" in mail["Subject"]]
    assert subjects == ["Not sent: Weekly health"]
    assert next(one for one in service.schedules(stage.ctx) if one.id == made.id).is_active

    stage.hands.now = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
    assert stage.tick() == 1


@pytest.mark.parametrize(
    ("written", "read", "sentence"),
    [
        ("", "", ""),
        (" Anomaly ", "anomaly", "only if a week was unusual"),
        ("Commits >= 10", "commits_count >= 10", "only if Commits is at or above 10"),
        ("lead time > 48", "lead_time_hours > 48", "only if Lead time for changes is above 48.0 h"),
        ("change_failure_rate>15%", "change_failure_rate > 0.15", "only if Change failure rate is above 15 %"),
    ],
)
def test_a_condition_is_read_and_said(stage, written, read, sentence):
    made = stage.schedule(condition=written)

    assert (made.condition, made.condition_text) == (read, sentence)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("often", "Write 'anomaly', or a metric with a bound"),
        ("comits > 3", "There is no metric named 'comits'"),
        ("commits_count > many", "is no condition"),
    ],
)
def test_a_wrong_condition_is_refused(stage, written, said):
    with pytest.raises(BadInput, match=said):
        stage.schedule(condition=written)


def test_a_report_whose_condition_does_not_hold_is_kept_and_not_sent(stage, office):
    made = stage.schedule(condition="commits_count > 100000")
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()

    assert [run.status for run in runs(stage)] == ["success"]
    assert [status for _, status in occurrences(stage)] == ["skipped"]
    assert office.mails == []
    now = next(one for one in service.schedules(stage.ctx) if one.id == made.id)
    assert now.last_note.startswith("Not sent: Commits ")
    assert now.last_error == ""

    service.update(stage.ctx, made.id, condition="anomaly")
    stage.hands.now = MONDAY + timedelta(days=7)
    stage.tick()
    stage.work()
    assert "no week of the period" in next(iter(service.schedules(stage.ctx))).last_note
    assert office.mails == []

    stage.hands.now = MONDAY + timedelta(days=8)
    service.test(stage.ctx, made.id)
    stage.work()
    assert [mail["To"] for mail in office.mails] == ["ada@example.org"]


def test_a_report_whose_condition_holds_is_sent(stage, office):
    history = History(stage.house.context(stage.ctx.workspace))
    history.commit("ann", "2026-03-10 09:00")
    history.ingest()
    stage.schedule(condition="commits_count >= 1")
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()

    assert len(office.mails) == 1


def test_mail_goes_to_members_and_allowed_domains_alone(stage, office):
    root = stage.house.context(stage.ctx.workspace)
    made = stage.schedule(recipients=["team@example.com", "root@example.org"])
    with pytest.raises(NotAllowed):
        domains.choose(stage.ctx, ["example.net"])
    with pytest.raises(BadInput, match="'exa!' is no domain"):
        domains.choose(root, ["exa!"])
    assert domains.choose(root, ["@Example.NET, example.net"]) == ("example.net",)

    with pytest.raises(BadInput, match=r"does not go to boss@example\.com: only to members and to example\.net"):
        stage.schedule(recipients=["boss@example.com"])
    with pytest.raises(BadInput, match=r"does not go to me@example\.com"):
        service.test(stage.ctx, made.id, "me@example.com")
    stage.schedule(recipients=["boss@example.net", "ada@example.org"])

    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    reached = [mail["To"] for mail in office.mails if "Not delivered" not in mail["Subject"]]
    assert sorted(reached) == ["ada@example.org", "boss@example.net", "root@example.org"]
    assert [mail["To"] for mail in office.mails if "Not delivered" in mail["Subject"]] == ["ada@example.org"]


def test_a_condition_whose_metric_is_gone_hides_no_schedule(stage):
    made = stage.schedule(condition="commits_count > 3")
    with stage.house.app.session() as session:
        session.get_one(ScheduledReport, made.id).condition = "plugged_in_count > 3"

    (view,) = service.schedules(stage.ctx)
    assert view.condition_text == "only if plugged_in_count > 3"
