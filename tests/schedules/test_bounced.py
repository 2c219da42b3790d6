"""A scheduled mail that comes back: on its page, by its command, and to its owner."""

from __future__ import annotations

import json

import sqlalchemy as sa
from typer.testing import CliRunner

from core.base.errors import StoreUnreachable
from core.delivery.models import Delivery
from core.entrypoints.cli import out
from core.entrypoints.cli import schedule as commands
from tests.delivery.reports import postfix
from tests.schedules.test_page import MONDAY, opened, press, texts  # noqa: F401 - a fixture


def rows(ended):
    return json.loads(ended.stdout.splitlines()[-1])["rows"]


def test_it_says_so_and_can_be_sent_again(stage, opened, office, monkeypatch, tmp_path):  # noqa: F811
    stage.schedule()
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    (mail,) = office.mails
    report = postfix(mail["Message-ID"], "team@example.org")
    (tmp_path / "returned.eml").write_bytes(report)
    (tmp_path / "other.eml").write_bytes(b"Subject: Hi")
    monkeypatch.setattr(commands, "ready", lambda: stage.house)
    monkeypatch.setattr(out, "ready", lambda: stage.house)
    asked = ["bounced", str(tmp_path / "other.eml"), str(tmp_path / "returned.eml"), "--json"]
    piped = ["bounced", "-", "--json"]

    first, again, gone = (
        CliRunner().invoke(commands.app, words, input=report) for words in (asked, piped, ["bounced", "nowhere.eml"])
    )

    what = [[row["what"] for row in rows(one)] for one in (first, again)]
    assert (what, again.exit_code) == ([["no report", "bounced"], ["known"]], 0)
    assert "The file 'nowhere.eml' cannot be read: No such file" in str(gone.exception)
    logged = CliRunner().invoke(commands.app, ["log", "-w", stage.ctx.workspace.slug, "--json"])
    (line,) = [row for row in rows(logged) if row["recipient"] == "team@example.org"]
    assert (line["status"], line["detail"]) == (
        "bounced",
        "The mail to team@example.org came back: mx.example.org: 550 5.1.1 User unknown.",
    )
    stage.work()
    (notice,) = office.to("ada@example.org")
    assert notice["Subject"].startswith("Not delivered: Weekly health")

    page = opened(stage.ctx)
    assert "**Not delivered**" in texts(page) and "came back" in texts(page)
    assert list(page.dataframe[0].value["State"]) == ["Bounced"]
    press(page, "Send again")
    stage.work()
    assert len(office.to("team@example.org")) == 2 and len(office.to("ada@example.org")) == 1
    assert "**Not delivered**" not in texts(opened(stage.ctx))


def test_a_mail_that_is_being_sent_asks_the_mail_server_to_come_again(stage, office, monkeypatch):
    stage.schedule()
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    with stage.house.app.session() as session:
        session.execute(sa.update(Delivery).values(status="running"))
    report = postfix(office.mails[0]["Message-ID"], "team@example.org")

    monkeypatch.setattr(commands, "ready", lambda: stage.house)
    early = CliRunner().invoke(commands.app, ["bounced", "-"], input=report)
    monkeypatch.setattr(commands, "ready", silent)
    down = CliRunner().invoke(commands.app, ["bounced", "-"], input=report)

    assert (early.exit_code, down.exit_code) == (75, 75)
    assert "The store is silent." in down.stderr


def silent():
    raise StoreUnreachable("The store is silent.")
