"""The mail that a scheduled report becomes, opened as its reader would."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from core.access.models import WorkspaceRow
from core.context import SYSTEM
from core.delivery import downloads
from core.documents.document import DEMO
from core.exports.models import ExportJob
from core.people import service as people
from core.people.views import Seen
from core.reports import reading
from core.reports import service as reports
from core.schedules import service
from core.stores.metrics import MetricsStore
from tests.catalogue.factories import History

MONDAY = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


def sent(stage, office, *formats):
    """What arrives of a scheduled report."""
    stage.schedule(formats=formats)
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    (found,) = office.mails
    return found


@pytest.fixture
def mail(stage, office):
    return sent(stage, office, "markdown")


def attachments(mail):
    return {part.get_filename(): part.get_content() for part in mail.iter_attachments()}


def test_it_has_text_html_and_every_file_under_a_name_of_report_and_period(stage, office):
    import openpyxl
    import pypdf

    mail = sent(stage, office, "pdf", "xlsx", "csv", "markdown", "json", "html")

    assert mail["Subject"] == "Weekly health: 9 Mar 2026 – 15 Mar 2026"
    assert mail.get_body(("plain",)).get_content().startswith("Weekly health")
    assert "<table" in mail.get_body(("html",)).get_content()
    files = attachments(mail)
    assert len(files) == 6
    assert all(name.startswith("weekly-health-9-mar-2026-to-15-mar-2026") for name in files)
    by_kind = {name.rpartition(".")[2]: content for name, content in files.items()}
    assert "Weekly health" in pypdf.PdfReader(io.BytesIO(by_kind["pdf"])).pages[0].extract_text()
    assert "About" in openpyxl.load_workbook(io.BytesIO(by_kind["xlsx"])).sheetnames


def test_every_picture_that_the_html_asks_for_is_in_the_mail(mail):
    html = mail.get_body(("html",)).get_content()
    asked = set(re.findall(r"cid:([^\"']+)", html))
    there = {part["Content-ID"].strip("<>"): part for part in mail.walk() if part["Content-ID"]}

    assert asked == set(there)
    for part in there.values():
        content = part.get_content()
        assert content.startswith(b"\x89PNG") and struct.unpack(">II", content[16:24])[0] > 100


def test_its_styles_are_inline_and_nothing_is_loaded_from_afar(mail):
    html = mail.get_body(("html",)).get_content()

    plain = re.sub(r"<style[^>]*>@media \(prefers-color-scheme:dark\).*?</style>", "", html, flags=re.DOTALL)
    assert "<style" not in plain and "style=" in plain
    assert not re.findall(r"(?:src|background)=[\"']https?:", html)


def test_it_says_who_scheduled_it_and_how_to_leave(mail):
    for kind in ("plain", "html"):
        body = mail.get_body((kind,)).get_content()
        assert "Ada scheduled" in body and "every Monday at 09:00 Europe/Berlin" in body
        assert "https://sightline.example.org/unsubscribe?token=" in body
        assert "https://sightline.example.org/report?report=" in body


def test_demo_reports_say_so(stage, office):
    with stage.house.app.session() as session:
        session.execute(sa.update(WorkspaceRow).values(is_demo=True))

    mail = sent(stage, office, "html")

    assert mail["Subject"].startswith("[Demo] ")
    assert mail.get_body(("plain",)).get_content().casefold().count(DEMO.casefold()) == 1
    assert DEMO in mail.get_body(("html",)).get_content()


def test_a_large_file_goes_as_a_link_that_works(mailing, stage, office):
    house = mailing(mail_attach_mb=1)
    stage.house = house
    stage.schedule(formats=("html",))
    stage.hands.now = MONDAY
    stage.tick()
    queue = house.queue
    report_call = queue.waiting.pop(0)
    reports.execute(house, *report_call[1])
    with house.app.session() as session:
        session.execute(sa.update(ExportJob).values(file_size_bytes=2_000_000))
    stage.work()

    (mail,) = office.mails
    text = mail.get_body(("plain",)).get_content()
    assert attachments(mail) == {} and "(2.0 MB) is too large to attach" in text
    token = re.search(r"letters/file\?token=(\S+)", text)[1]
    assert b"Weekly health" in b"".join(downloads.opened(house, token)[1])


def test_a_retry_sends_what_was_made_and_asks_no_store_again(stage, office):
    stage.schedule(formats=("pdf",))
    office.stop()
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    gone = MetricsStore(lambda: "clickhouse://nobody:x@127.0.0.1:9/none")
    stage.house = replace(stage.house, metrics=gone)

    office.start()
    stage.hands.wait(minutes=1)
    stage.tick()
    stage.work()

    (mail,) = office.mails
    assert len(attachments(mail)) == 1
    assert service.schedules(stage.ctx)[0].last_error == ""


@pytest.mark.parametrize("is_test", [True, False])
def test_nobody_mails_what_they_may_not_see_themselves(stage, office, is_test):
    system = stage.ctx.as_actor(SYSTEM)
    people.register(system, [Seen("ann@example.com", "Ann Archer")])
    history = History(system)
    history.commit("ann", "2026-03-10 09:00")
    system = history.ingest()
    blocks = [{"widget": "metric.breakdown", "params": {"metric": "commits_count", "by": "person"}}]
    plan = {"title": "Who did what", "window": {"range": "last_week"}, "sections": [{"title": "All", "blocks": blocks}]}
    report = reports.create(system, "Who did what", plan=plan)
    with stage.house.app.session() as session:
        session.execute(sa.update(WorkspaceRow).values(individuals="self"))
    stage.report_id = report.id
    made = stage.schedule(formats=("markdown",))
    stage.hands.now = MONDAY

    if is_test:
        service.test(stage.ctx, made.id)
    else:
        stage.tick()
    stage.work()

    (mail,) = office.mails
    texts = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")] + list(attachments(mail).values())
    texts = [text.decode() if isinstance(text, bytes) else text for text in texts]
    assert len(texts) == 3
    assert not [text for text in texts if "Ann Archer" in text]
    assert reading.HIDDEN in " ".join(texts[0].split())
    assert "Ann Archer" in reading.markdown(system, reports.runs(system, report.id)[0].id)
