"""The page of one's own files."""

from __future__ import annotations

from datetime import date

import pytest

from core.access import users
from core.base.period import between
from core.boards import service as boards
from core.bootstrap import House
from core.catalogue.scope import Scope
from core.context import Context
from core.exports import service
from core.reports import exporting, from_board
from tests.pages import framed
from tests.reports.conftest import drained

LAST = between(date(2026, 3, 2), date(2026, 3, 8))


def test_each_sees_what_they_asked_for_and_how_it_stands(
    house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = {}
    for name in ("mia", "noa"):
        users.add(ctx, username=name, email=f"{name}@example.org", role="member", password="four words and more")
        people[name] = ctx.as_actor(users.actor_for(house.app, users.named(house.app, name).id, ctx.workspace.id))
    mia = people["mia"]
    empty = framed(house, mia, monkeypatch, "reports/files")
    assert "You have asked for no file yet" in empty.info[0].value

    plan = from_board.plan_of(mia, boards.standard(mia, "overview"), Scope(LAST))
    made, stopped = (exporting.request_page(mia, plan, "csv") for _ in range(2))
    service.cancel(mia, stopped)
    for task, args in drained(house):
        if task == "export":
            exporting.execute(house, *map(str, args))

    page = framed(house, mia, monkeypatch, "reports/files")
    assert not page.exception
    assert {one.id for one in service.mine(mia)} == {made, stopped}
    assert [service.get(mia, one).status for one in (made, stopped)] == ["success", "cancelled"]
    assert any("kept until" in one.value for one in page.caption)
    assert page.get("download_button") and not page.get("progress")
    assert service.mine(people["noa"]) == []
    other = framed(house, people["noa"], monkeypatch, "reports/files")
    assert "You have asked for no file yet" in other.info[0].value
