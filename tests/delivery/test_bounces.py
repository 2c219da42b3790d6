"""Mails that come back: from a real mailbox, told once, whatever else lies there."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from core.delivery import bounces, service
from core.delivery.mime import message_id
from core.delivery.models import BOUNCED, LEAVING, Delivery, Receipt
from core.entrypoints import checkup
from core.stores.app import work
from jobs import tasks
from tests.delivery import reports
from tests.delivery.test_delivery import ADA, BOB, post, receipts, row
from tests.servers.dovecot import PASSWORD, USER, dovecot

OWNER = "owner@example.org"
SAID = "The mail to ada@example.org came back: mx.example.org: 550 5.1.1 User unknown."


@pytest.fixture(scope="module")
def server():
    with dovecot() as running:
        yield running


@pytest.fixture
def box(server):
    server.empty()
    return server


@pytest.fixture
def reading(mailing, box):
    """The house with the mailbox of the test, reached as `more` says."""

    def change(**more):
        usual = {"imap_host": "127.0.0.1", "imap_port": box.port, "imap_security": "none", "imap_user": USER}
        return mailing(**{**usual, "imap_password": PASSWORD, **more})

    return change


def sent(house, hands, to=ADA, batch="run:1", topic="s1", **letter):
    """A mail that its server took, and its Message-ID."""
    (one,) = post(house, batch=batch, to=(to,), topic=topic, **letter)
    hands.work(house)
    return one, message_id(one, house.settings.mail_from)


def look(house, hands):
    hands.wait(minutes=3)
    bounces.look(house)
    hands.work(house)


def test_a_mail_that_comes_back_is_failed_in_the_servers_words_and_its_owner_is_told_once(reading, box, hands, office):
    house = reading()
    one, first = sent(house, hands)
    other, second = sent(house, hands, to=BOB)
    box.put(
        reports.auto_reply(first, ADA),
        reports.postfix(first, ADA),
        reports.exchange(second, BOB),
        b"Subject: Hi\r\n\r\n",
    )

    for _ in range(3):
        look(house, hands)

    found = row(house, one)
    assert (found.status, found.last_error) == ("failed", SAID)
    assert found.finished_at > found.created_at
    assert receipts(house, one) == receipts(house, other) == [(1, BOUNCED)]
    with house.app.reading() as session:
        answer = session.scalar(sa.select(Receipt.answer).where(Receipt.delivery_id == one))
    assert answer == f"{SAID} [<20260310120501.4BX7@relay.example.net>] Before that: 250 Queued as 4711"
    (notice,) = office.to(OWNER)
    assert notice["Subject"] == "Not delivered: Weekly health"
    assert SAID in notice.get_body(("plain",)).get_content()
    assert [flags for flags in box.flags() if "Seen" in flags] == [], "nothing in the mailbox is marked"
    assert len(box.flags()) == 4


@pytest.mark.parametrize("shape", reports.SHAPES)
def test_reports_of_every_server_count(mailing, hands, office, shape):
    house = mailing()
    one, ours = sent(house, hands)

    taken = bounces.take(house, reports.SHAPES[shape](ours, ADA))

    assert (taken.what, taken.recipient, taken.subject) == ("bounced", ADA, "Weekly health")
    assert row(house, one).last_error.startswith("The mail to ada@example.org came back: ")


def test_the_same_report_again_does_nothing_also_after_the_mail_was_sent_again(mailing, hands, office):
    house = mailing()
    one, ours = sent(house, hands)
    report = reports.postfix(ours, ADA)
    assert [bounces.take(house, report).what for _ in range(2)] == ["bounced", "known"]

    with house.app.session() as session:
        found = session.get_one(Delivery, one)
        service.again(session, house.context(bounces.service.workspaces.find(house.app, found.workspace_id)), found)
    assert bounces.take(house, report).what == "known", "it waits"
    service.sweep(house)
    hands.wait(minutes=11)
    service.sweep(house)
    hands.work(house)
    assert (row(house, one).status, row(house, one).last_error) == ("success", "")
    assert bounces.take(house, report).what == "known"
    assert receipts(house, one) == [(1, BOUNCED), (2, "accepted")]

    assert bounces.take(house, reports.postfix(ours, ADA, own="another@relay")).what == "bounced"
    hands.work(house)
    assert receipts(house, one) == [(1, BOUNCED), (2, BOUNCED)]
    assert len(office.to(ADA)) == 2 and len(office.to(OWNER)) == 1


def test_a_delay_is_noted_and_only_a_failure_counts(mailing, hands, office):
    house = mailing()
    one, ours = sent(house, hands)
    late = {"action": "delayed", "status": "4.4.1", "said": "450 4.4.1 No answer"}

    def answer():
        with house.app.reading() as session:
            return session.scalar(sa.select(Receipt.answer).where(Receipt.delivery_id == one))

    assert bounces.take(house, reports.postfix(ours, ADA, own="a@relay", **late)).what == "delayed"
    late["said"] = "450 4.4.1 Still none"
    assert bounces.take(house, reports.postfix(ours, ADA, own="b@relay", **late)).what == "delayed"
    assert answer() == "250 Queued as 4711 Not there yet: mx.example.org: 450 4.4.1 Still none. [<b@relay>]"
    assert bounces.take(house, reports.postfix(ours, ADA, action="delivered", status="2.0.0")).what == "no report"
    assert (row(house, one).status, receipts(house, one)) == ("success", [(1, "accepted")])
    assert hands.work(house) == []

    assert bounces.take(house, reports.postfix(ours, ADA, own="c@relay", status="4.4.7")).what == "bounced"
    assert bounces.take(house, reports.postfix(ours, ADA, own="d@relay", **late)).what == "known"


def test_what_is_not_about_a_mail_of_ours_and_its_own_recipient_changes_nothing(mailing, hands, office):
    house = mailing()
    one, ours = sent(house, hands)
    nameless = reports.postfix(ours, ADA).replace(f"Message-ID: {ours}\r\n".encode(), b"")

    for forged in (
        reports.postfix(ours, BOB),
        reports.postfix(f"<{'0' * 32}@example.org>", ADA),
        reports.postfix("<4711@example.org>", ADA),
        nameless,
        reports.auto_reply(ours, ADA),
        reports.read_receipt(ours, ADA),
    ):
        assert bounces.take(house, forged).what in ("unknown", "no report")

    assert (row(house, one).status, receipts(house, one)) == ("success", [(1, "accepted")])
    assert hands.work(house) == []


def test_of_two_recipients_in_one_report_only_the_mails_own_counts(mailing, hands, office):
    house = mailing()
    one, ours = sent(house, hands, to=BOB)
    also = "\n".join(
        ["", "        Final-Recipient: rfc822; bob@example.org", "        Action: failed", "        Status: 5.2.2"]
    )

    bounces.take(house, reports.postfix(ours, "stranger@example.net", also=also))

    assert row(house, one).last_error == "The mail to bob@example.org came back: relay.example.net: 5.2.2."


def test_tests_and_notices_that_come_back_tell_nobody_by_mail(mailing, hands, office):
    house = mailing()
    test, _ = sent(house, hands, topic=None)
    _, about = sent(house, hands, to=BOB, batch="run:2")
    bounces.take(house, reports.postfix(about, BOB))
    hands.work(house)
    with house.app.reading() as session:
        notice = session.scalar(sa.select(Delivery.id).where(Delivery.recipient == OWNER))

    for delivery_id, recipient in ((test, ADA), (notice, OWNER)):
        report = reports.postfix(message_id(delivery_id, house.settings.mail_from), recipient)
        assert bounces.take(house, report).what == "bounced"

    assert hands.work(house) == []
    assert len(office.mails) == 3


def test_a_mail_that_may_have_arrived_is_known_to_have_not_once_it_comes_back(mailing, hands, office):
    house = mailing()
    (one,) = post(house, topic="s1")
    with house.app.session() as session:
        work.claim(session, Delivery, one, "killed worker", hands.now, service.LEASE_S)
        session.add(Receipt(delivery_id=one, attempt=1, at=hands.now, outcome=LEAVING))
    report = reports.postfix(message_id(one, house.settings.mail_from), ADA)
    assert bounces.take(house, report).what == "early", "somebody is at it"
    hands.wait(seconds=service.LEASE_S + 1)
    hands.work(house)
    hands.work(house)
    assert "may have arrived" in row(house, one).last_error

    assert bounces.take(house, report).what == "bounced"

    assert row(house, one).last_error == SAID
    assert receipts(house, one) == [(1, LEAVING), (2, BOUNCED)]
    assert len(office.to(OWNER)) == 1, "told already"


def test_a_report_that_comes_too_early_is_read_by_the_next_look(reading, box, hands, office):
    house = reading()
    one, ours = sent(house, hands)
    box.put(reports.postfix(ours, ADA))
    with house.app.session() as session:
        session.execute(sa.update(Delivery).values(status="running"))

    look(house, hands)
    with house.app.session() as session:
        session.execute(sa.update(Delivery).values(status="success"))
    look(house, hands)

    assert row(house, one).last_error == SAID


def test_a_look_takes_so_many_and_the_next_one_goes_on_from_there(reading, box, hands, office, monkeypatch):
    monkeypatch.setattr(bounces, "MOST_REPORTS", 2)
    monkeypatch.setattr(bounces, "MOST_MAILS", 4)
    house = reading()
    people = [f"p{number}@example.org" for number in range(5)]
    mails = [sent(house, hands, to=one, batch=f"run:{place}") for place, one in enumerate(people)]
    for (_, ours), one in zip(mails, people, strict=True):
        box.put(reports.auto_reply(ours, one), reports.postfix(ours, one, own=f"{one}.relay"))

    came_back = []
    for _ in range(4):
        bounces.look(house)
        bounces.look(house)  # a moment later, by another worker
        came_back.append(sum(row(house, one).status == "failed" for one, _ in mails))
        hands.wait(minutes=3)

    assert came_back == [2, 4, 5, 5]


def test_a_folder_whose_mails_are_numbered_anew_is_read_anew(reading, box, hands, office):
    house = reading()
    look(house, hands)
    one, ours = sent(house, hands)
    box.put(reports.postfix(ours, ADA))
    (kept,) = (house.files.root / "mailbox").iterdir()
    kept.write_text('{"validity": 1, "last": 1000000}')

    look(house, hands)

    assert row(house, one).last_error == SAID


def test_a_huge_mail_and_one_that_cannot_be_read_keep_none_of_the_others(reading, box, hands, office):
    house = reading()
    (one, ours), (two, other) = sent(house, hands), sent(house, hands, to=BOB, batch="run:2")
    huge = reports.postfix(ours, ADA).replace(b"All is well.", b"All is well.\r\n" * 400_000)
    broken = b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\n--x--"
    box.put(broken, huge, reports.gmail(other, BOB))

    look(house, hands)

    assert (row(house, one).status, row(house, two).status) == ("failed", "failed")


def test_a_mailbox_that_does_not_answer_is_told_once_and_harms_nothing(reading, box, hands, office):
    down = reading(imap_port=1)
    with capture_logs() as logs:
        for _ in range(3):
            look(down, hands)
    assert [(one["event"], one["log_level"]) for one in logs if "mailbox" in one["event"]] == [
        ("mailbox_silent", "warning")
    ]
    assert "Could not reach the mailbox at 127.0.0.1:1" in logs[0]["reason"]
    one, ours = sent(down, hands)
    assert row(down, one).status == "success"

    wrong = reading(imap_password="wrong")
    with capture_logs() as logs:
        look(wrong, hands)
        look(wrong, hands)
    assert [one["reason"] for one in logs if one["event"] == "mailbox_silent"] == [
        f"The login at the mailbox at 127.0.0.1:{box.port} was refused ([AUTHENTICATIONFAILED] Authentication failed)."
        " Check SIGHTLINE_IMAP_USER and SIGHTLINE_IMAP_PASSWORD."
    ]

    box.put(reports.postfix(ours, ADA))
    look(reading(), hands)
    assert row(down, one).last_error == SAID
    with capture_logs() as logs:
        look(wrong, hands)
    assert [one["event"] for one in logs] == ["mailbox_silent"], "it answered in between, so it is told anew"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_is_read_over_tls_and_the_certificate_is_checked(reading, box, hands, office, monkeypatch, security):
    house = reading(imap_security=security, imap_port=box.tls_port if security == "tls" else box.port)
    one, ours = sent(house, hands)
    box.put(reports.postfix(ours, ADA))
    with capture_logs() as logs:
        look(house, hands)
    assert "certificate" in next(one["reason"] for one in logs if one["event"] == "mailbox_silent").casefold()

    monkeypatch.setenv("SSL_CERT_FILE", str(box.authority))
    look(house, hands)

    assert row(house, one).last_error == SAID


def test_the_check_up_says_whether_the_mailbox_answers(reading, mailing, box):
    box.put(b"Subject: Hi\r\n\r\n")

    (well,) = checkup._safely(checkup._mailbox, reading())
    (gone,) = checkup._safely(checkup._mailbox, reading(imap_folder="Returned Mail"))

    assert (well.state, well.what) == ("well", f"127.0.0.1:{box.port} answers; 'INBOX' has 1 mail")
    assert gone.state == "broken" and "The folder 'Returned Mail'" in gone.what and "SIGHTLINE_IMAP_FOLDER" in gone.what
    assert checkup._safely(checkup._mailbox, mailing(imap_host="")) == []


def test_a_worker_looks_there_only_if_there_is_one(reading, mailing, hands):
    bounces.tick(mailing(imap_host=""))
    assert mailing(imap_host="").queue.waiting == []

    house = reading()
    bounces.tick(house)
    ((task, args),) = house.queue.waiting
    tasks.perform(task, *args, house=house)

    assert [path.name for path in (house.files.root / "mailbox").iterdir()]


def test_failures_go_back_to_their_own_address_where_one_is_set(mailing, hands, office):
    sent(mailing(mail_bounces_to="Returned <returned@example.org>"), hands)
    sent(mailing(mail_bounces_to=""), hands, to=BOB)

    assert [mail["X-Envelope-From"] for mail in office.mails] == ["returned@example.org", "reports@example.org"]
    assert {mail["From"] for mail in office.mails} == {"Sightline <reports@example.org>"}
