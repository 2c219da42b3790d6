"""A page as a file or as a report: every standard board, with the days and the scope that it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.base.errors import BadInput
from core.base.period import Period
from core.base.queue import InlineQueue
from core.boards import service as boards
from core.boards.standard import STANDARD
from core.bootstrap import House
from core.catalogue.scope import Scope
from core.context import Context
from core.entrypoints import pages
from core.exports import service as exports
from core.figures import Stat
from core.reports import exporting, from_board
from core.reports.build import build
from tests.reports.conftest import World

Users = Callable[..., Context]
MARCH = Period(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC))
ABOUT = Scope(period=MARCH, compare=MARCH.previous("UTC"))


@pytest.mark.parametrize("name", STANDARD)
def test_every_standard_board_is_a_plan(name: str, world: World) -> None:
    about = replace(ABOUT, person_ids=(world.persons["ann"],)) if name == "developer" else ABOUT
    board = boards.standard(world.ctx, name)
    plan = from_board.plan_of(world.ctx, board, about)

    assert [block.widget for block in plan.widgets()] == [tile.widget for tile in board.tiles]
    assert (plan.window.range, plan.window.compare) == ("2026-03-01..2026-03-09", "previous")


@pytest.mark.parametrize("name", STANDARD)
def test_every_page_can_be_asked_for_by_its_name(name: str, world: World) -> None:
    about = {"developer": {"people": ["ann"]}, "team": {"teams": ["Atlas"]}, "code": {"repos": ["app"]}}.get(name, {})
    plan = pages.plan_of(world.ctx, {"page": name, "dateRange": "2026-03-01..2026-03-09", **about})

    options = {"repo": world.repos["app"]} if name == "code" else {}
    tiles = [tile.widget for tile in boards.standard(world.ctx, name, **options).tiles]
    assert set(tiles) <= {block.widget for block in plan.widgets()}
    assert (plan.window.range, plan.window.compare) == ("2026-03-01..2026-03-09", "previous")
    assert (plan.scope.people, plan.scope.teams) == (
        (world.persons["ann"],) if name == "developer" else (),
        (world.teams["Atlas"],) if name == "team" else (),
    )


def test_a_report_of_a_board_has_its_numbers(world: World) -> None:
    board = boards.standard(world.ctx, "overview")
    shown = {figure.title: figure for figure in boards.build(world.ctx, board, ABOUT) if isinstance(figure, Stat)}
    built = build(world.ctx, from_board.plan_of(world.ctx, board, ABOUT), world.ctx.clock())

    told = {figure.title: figure for figure in built.document.figures() if isinstance(figure, Stat)}
    assert told["Commits"].value == shown["Commits"].value == 18
    assert told["Commits"].change == shown["Commits"].change


def test_a_named_range_goes_on_and_a_folder_is_refused(world: World) -> None:
    board = boards.standard(world.ctx, "overview")

    assert from_board.plan_of(world.ctx, board, ABOUT, days="last_30_days").window.range == "last_30_days"
    year = replace(ABOUT, compare=MARCH.year_before("UTC"))
    assert from_board.plan_of(world.ctx, board, year).window.compare == "year"
    assert from_board.plan_of(world.ctx, board, replace(ABOUT, compare=None)).window.compare == "none"
    with pytest.raises(BadInput, match="whole repositories"):
        from_board.plan_of(world.ctx, board, replace(ABOUT, folder="src"))
    with pytest.raises(BadInput, match="Choose a period first"):
        from_board.plan_of(world.ctx, board, replace(ABOUT, period=None))


def test_a_page_is_exported_by_the_worker_as_its_asker_may_see_it(house: House, world: World, user: Users) -> None:
    mia = user("mia")
    plan = from_board.plan_of(mia, boards.standard(mia, "overview"), replace(ABOUT, team_ids=(world.teams["Atlas"],)))
    export_id = exporting.request_page(mia, plan, "markdown")
    assert isinstance(house.queue, InlineQueue)
    while house.queue.waiting:
        _, args = house.queue.waiting.pop(0)
        exporting.execute(house, *map(str, args))

    made = exports.get(mia, export_id)
    assert (made.status, made.error) == ("success", None)
    text = exports.content(mia, export_id).content.decode()
    assert "# Overview" in text
    assert "Atlas" in text
    assert made.file_name.startswith("overview")
