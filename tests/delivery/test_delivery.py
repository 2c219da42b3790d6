"""A letter arrives once: whatever the server, the worker or the clock do meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.access import workspaces
from core.delivery import optout, service
from core.delivery.letter import Letter
from core.delivery.models import LEAVING, Delivery, Receipt
from core.delivery.service import BACKOFF_S, Batch
from core.stores.app import heartbeats, work
from tests.delivery.post_office import PASSWORD, USER, PostOffice, certificate, sign_in

ADA, BOB = "ada@example.org", "bob@example.org"


def letter(**given):
    usual = {
        "subject": "Weekly health",
        "text": "All is well.",
        "html": "<html><body><p>All is well.</p></body></html>",
    }
    return Letter(**{**usual, "because": "Ada scheduled it.", "owners": ["owner@example.org"], **given})


def post(house, batch="run:1", to=(ADA,), topic=None, **given):
    known = workspaces.every(house.app)
    workspace = known[0] if known else workspaces.create(house.app, name="Mail", now=house.clock())
    return service.post(house.context(workspace), Batch(batch, topic=topic), letter(**given), list(to))


def row(house, delivery_id):
    with house.app.reading() as session:
        return session.get_one(Delivery, delivery_id)


def receipts(house, delivery_id):
    with house.app.reading() as session:
        found = sa.select(Receipt).where(Receipt.delivery_id == delivery_id).order_by(Receipt.attempt)
        return [(receipt.attempt, receipt.outcome) for receipt in session.scalars(found)]


def test_a_letter_goes_to_each_recipient_once(mailing, hands, office):
    house = mailing()

    ids = post(house, to=(ADA, BOB))
    again = post(house, to=(ADA, BOB))

    assert hands.work(house) == ["success", "success"]
    assert again == [] and hands.work(house) == []
    assert [mail["To"] for mail in office.mails] == [ADA, BOB]
    assert receipts(house, ids[0]) == [(1, "accepted")]


def test_a_mail_server_that_was_down_gets_the_letter_once_when_it_is_back(mailing, hands, office):
    house = mailing()
    office.stop()
    (one,) = post(house)

    assert hands.work(house) == ["pending"]
    assert "Could not reach the mail server" in row(house, one).last_error
    assert service.sweep(house) == 0, "nothing is due before its time"
    hands.wait(seconds=BACKOFF_S[0])
    service.sweep(house)
    assert hands.work(house) == ["pending"]
    office.start()
    hands.wait(seconds=BACKOFF_S[1])
    service.sweep(house)
    assert service.sweep(house) == 0, "what is on the queue is not put there twice"

    assert hands.work(house) == ["success"]
    hands.wait(days=3)
    service.sweep(house)
    assert hands.work(house) == []
    assert len(office.mails) == 1
    assert receipts(house, one) == [(1, "deferred"), (2, "deferred"), (3, "accepted")]


def test_a_refusal_for_good_is_not_repeated_and_tells_the_owner(mailing, hands, office):
    house = mailing()
    office.refusals[ADA] = "550 5.1.1 No such user here"
    (one,) = post(house)

    assert hands.work(house) == ["failed"]

    assert "No such user here" in row(house, one).error
    assert hands.work(house) == ["success"]
    (notice,) = office.to("owner@example.org")
    assert notice["Subject"] == "Not delivered: Weekly health"
    assert "550 5.1.1 No such user here" in notice.get_body(("plain",)).get_content()


def test_a_busy_server_is_asked_again_until_the_last_attempt(mailing, hands, office):
    house = mailing()
    office.refusals[ADA] = "451 4.3.0 Try later"
    (one,) = post(house)

    states = hands.work(house)
    for pause in BACKOFF_S:
        hands.wait(seconds=pause)
        service.sweep(house)
        states += hands.work(house)

    assert states == ["pending"] * len(BACKOFF_S) + ["failed"]
    assert row(house, one).status == "failed"
    assert hands.work(house) == ["success"], "the owner's notice"
    assert len(office.to("owner@example.org")) == 1


def test_the_owner_gets_one_notice_however_many_recipients_fail(mailing, hands, office):
    house = mailing()
    office.refusals.update({ADA: "550 gone", BOB: "550 gone"})
    post(house, to=(ADA, BOB))

    hands.work(house)
    hands.work(house)

    assert len(office.to("owner@example.org")) == 1


def test_a_worker_that_died_in_the_middle_is_replaced(mailing, hands, office):
    house = mailing()
    (one,) = post(house)
    with house.app.session() as session:
        assert work.claim(session, Delivery, one, "dead worker", hands.now, service.LEASE_S)
    house.queue.waiting.clear()

    assert service.deliver(house, row(house, one).workspace_id, one) == "", "it is somebody else's"
    hands.wait(seconds=service.QUEUED_S + 1)
    service.sweep(house)

    assert hands.work(house) == ["success"]
    assert len(office.mails) == 1


def test_the_letter_of_a_worker_that_is_known_to_be_dead_goes_at_once(mailing, hands, office):
    house = mailing()
    (one,) = post(house)
    gone = f"{heartbeats.me().rpartition(':')[0]}:{2**31 - 1}"
    with house.app.session() as session:
        assert work.claim(session, Delivery, one, gone, hands.now, service.LEASE_S)
    house.queue.waiting.clear()

    service.sweep(house)

    assert hands.work(house) == ["success"]
    assert receipts(house, one) == [(2, "accepted")]


def test_a_letter_that_was_accepted_is_not_sent_again_by_the_next_worker(mailing, hands, office):
    """The first worker had its receipt, then fell silent before it could end the run."""
    house = mailing()
    (one,) = post(house)
    with house.app.session() as session:
        work.claim(session, Delivery, one, "slow worker", hands.now, service.LEASE_S)
        session.add(Receipt(delivery_id=one, attempt=1, at=hands.now, outcome="accepted"))
    hands.wait(seconds=service.LEASE_S + 1)

    service.deliver(house, row(house, one).workspace_id, one)

    assert office.mails == []
    assert row(house, one).status == "success"


def test_a_letter_whose_worker_was_killed_while_it_left_is_not_sent_twice_and_the_owner_is_told(mailing, hands, office):
    house = mailing()
    (one,) = post(house)
    with house.app.session() as session:
        work.claim(session, Delivery, one, "killed worker", hands.now, service.LEASE_S)
        session.add(Receipt(delivery_id=one, attempt=1, at=hands.now, outcome=LEAVING))
    hands.wait(seconds=service.LEASE_S + 1)

    service.deliver(house, row(house, one).workspace_id, one)
    hands.work(house)

    assert office.to(ADA) == []
    assert "may have arrived" in row(house, one).last_error
    (told,) = office.to("owner@example.org")
    assert "may have arrived" in told.get_body(("plain",)).get_content()


def test_a_letter_is_marked_as_leaving_before_the_server_has_it(mailing, hands, office):
    house = mailing()
    (one,) = post(house)
    seen = []

    async def looks(server, session, envelope):
        with house.app.reading() as looking:
            seen.extend(looking.scalars(sa.select(Receipt.outcome).where(Receipt.delivery_id == one)))
        return "250 OK"

    office.handle_DATA = looks
    hands.work(house)

    assert seen == [LEAVING]
    with house.app.reading() as session:
        assert list(session.scalars(sa.select(Receipt.outcome))) == ["accepted"]


def test_a_doubled_message_is_recognisable(mailing, hands, office):
    house = mailing()
    (one,) = post(house)
    hands.work(house)
    with house.app.session() as session:
        session.execute(sa.delete(Receipt))
        session.execute(sa.update(Delivery).values(status="pending", next_attempt_at=hands.now))

    service.deliver(house, row(house, one).workspace_id, one)

    first, second = office.mails
    assert first["Message-ID"] == second["Message-ID"] == f"<{one}@example.org>"
    assert first["Date"] == second["Date"]


def test_a_login_over_starttls(mailing, hands, tmp_path, monkeypatch):
    context, authority = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    told = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": sign_in}
    office = PostOffice(options=told).start()
    try:
        house = mailing(smtp_port=office.port, smtp_security="starttls", smtp_user=USER, smtp_password=PASSWORD)
        post(house)
        assert hands.work(house) == ["success"]
    finally:
        office.stop()
    assert office.mails[0]["X-Secure"] == "yes"


def test_tls_from_the_first_byte(mailing, hands, tmp_path, monkeypatch):
    context, authority = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    office = PostOffice(tls=context).start()
    try:
        house = mailing(smtp_port=office.port, smtp_security="tls")
        post(house)
        assert hands.work(house) == ["success"]
    finally:
        office.stop()
    assert office.mails[0]["X-Secure"] == "yes"


def test_a_certificate_that_nobody_vouches_for_is_refused(mailing, hands, tmp_path):
    context, _ = certificate(tmp_path)
    office = PostOffice(options={"tls_context": context}).start()
    try:
        house = mailing(smtp_port=office.port, smtp_security="starttls")
        (one,) = post(house)
        assert hands.work(house) == ["pending"]
    finally:
        office.stop()
    assert office.mails == []
    assert "certificate" in row(house, one).last_error


def test_a_wrong_password_says_which_settings_to_check(mailing, hands, tmp_path):
    office = PostOffice(options={"auth_required": True, "auth_require_tls": False, "authenticator": sign_in}).start()
    try:
        house = mailing(smtp_port=office.port, smtp_user=USER, smtp_password="wrong")
        (one,) = post(house)
        assert hands.work(house) == ["pending"]
    finally:
        office.stop()
    assert "SIGHTLINE_SMTP_PASSWORD" in row(house, one).last_error


def test_without_a_mail_server_nothing_is_lost(mailing, hands, office):
    house = mailing(smtp_host="")
    (one,) = post(house)

    assert hands.work(house) == ["pending"]

    assert "SIGHTLINE_SMTP_HOST" in row(house, one).last_error
    hands.wait(seconds=BACKOFF_S[0])
    house = mailing()
    service.sweep(house)
    assert hands.work(house) == ["success"]


def test_who_has_unsubscribed_gets_no_more(mailing, hands, office):
    house = mailing()
    post(house, batch="run:1", to=(ADA, BOB), topic="s1", list_name="Weekly health")
    hands.work(house)
    link = office.to(ADA)[0]["List-Unsubscribe"].strip("<>")
    token = link.partition("token=")[2]

    left = optout.leave(house, token)
    optout.leave(house, token)
    post(house, batch="run:2", to=(ADA, BOB), topic="s1")
    hands.work(house)

    assert (left.recipient, left.name) == (ADA, "Weekly health")
    assert (len(office.to(ADA)), len(office.to(BOB))) == (1, 2)
    optout.come_back(house, token)
    post(house, batch="run:3", to=(ADA,), topic="s1")
    hands.work(house)
    assert len(office.to(ADA)) == 2


def test_unsubscribing_stops_what_already_waits(mailing, hands, office):
    house = mailing()
    office.stop()
    (one,) = post(house, to=(ADA,), topic="s1")
    hands.work(house)
    token = optout.link(house.settings, optout.Subscription(row(house, one).workspace_id, "s1", ADA, "")).partition(
        "="
    )[2]

    optout.leave(house, token)
    office.start()
    hands.wait(hours=1)
    service.sweep(house)
    hands.work(house)

    assert office.mails == []
    assert row(house, one).status == "cancelled"


def test_a_fault_of_a_channel_fails_the_delivery_with_a_sentence(mailing, hands, office):
    house = mailing()
    (one,) = post(
        house,
        enclosures=[{"file_name": "a.pdf", "key": "exports/gone.pdf", "media_type": "application/pdf", "size": 3}],
    )

    assert hands.work(house) == ["failed"]

    assert "no longer kept" in row(house, one).error
    assert hands.now - row(house, one).created_at == timedelta(0)


@pytest.mark.parametrize("reply", ["552 5.3.4 Message too big", "554 5.7.1 Spam"])
def test_a_message_that_the_server_will_never_take_fails_at_once(mailing, hands, office, reply):
    house = mailing()
    office.refusals["DATA"] = reply
    post(house)

    assert hands.work(house) == ["failed"]


def test_letters_are_removed_a_month_after_they_arrived_and_not_while_one_waits(mailing, hands, office):
    house = mailing()
    office.refusals[BOB] = "451 later"
    post(house, to=(ADA, BOB))
    hands.work(house)

    hands.wait(days=29)
    assert service.forget(house) == 0
    office.refusals.clear()
    service.sweep(house)
    hands.work(house)
    hands.wait(days=29)
    assert service.forget(house) == 0
    hands.wait(days=2)

    assert service.forget(house) == 1
    assert house.files.used_bytes() == 0
    assert service.forget(house) == 0
