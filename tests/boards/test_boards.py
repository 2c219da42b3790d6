"""Boards: every standard one builds, parts fail alone, and what several tiles ask is asked once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.access import insights
from core.base.errors import BadInput, NotAllowed
from core.base.period import between
from core.boards import service
from core.boards.board import Board, BoardSection, Tile
from core.boards.standard import STANDARD
from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.context import Actor, Context
from core.figures import Notice, Stat, State
from core.people import service as people
from core.people.service import Seen
from core.stores.metrics import MetricsStore
from core.widgets import WIDGETS
from tests.catalogue.factories import History

MARCH = Scope(between(date(2026, 3, 1), date(2026, 3, 10)), between(date(2026, 2, 19), date(2026, 2, 28)))
BOTH = Scope(between(date(2026, 2, 19), date(2026, 3, 10)))
"""Days on which each of the two did something."""
BOARDS = [
    ("overview", {}), ("developer", {}), ("team", {}), ("activity", {}),
    ("compare", {"of": "team"}), ("compare", {"of": "person"}), ("compare", {"of": "period"}),
]  # fmt: skip


@pytest.fixture
def acme(ctx: Context) -> Context:
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in ("ann", "bob")])
    ids = [people.person(ctx, f"{name}@example.com").id for name in ("ann", "bob")]
    team = people.create_team(ctx, "Blue")
    for one in ids:
        people.set_membership(ctx, one, team.id, date(2026, 1, 1))
    history = History(ctx)
    for day in (20, 21, 25):
        history.commit("ann", f"2026-02-{day:02} 10:00")
        history.commit("bob", f"2026-03-{day - 18:02} 10:00")
    return history.ingest()


def everybody(ctx: Context) -> tuple[str, ...]:
    return tuple(people.names(ctx))


@pytest.mark.parametrize(("name", "options"), BOARDS)
def test_every_standard_board_builds_without_a_notice(acme: Context, name: str, options: dict[str, str]) -> None:
    persons = {"developer": everybody(acme)[:1], "compare": everybody(acme)}.get(name, ())
    board = service.standard(acme, name, **options)

    figures = service.build(acme, board, replace(MARCH, person_ids=persons))

    assert [figure for figure in figures if isinstance(figure, Notice)] == []
    assert len({figure.key for figure in figures}) == len(figures) == len(board.tiles)
    assert [figure.columns for figure in figures] == [tile.columns for tile in board.tiles]


@pytest.mark.parametrize(("name", "options"), BOARDS)
def test_every_tile_of_a_standard_board_has_settings_that_its_widget_takes(
    ctx: Context, name: str, options: dict[str, str]
) -> None:
    for tile in service.standard(ctx, name, **options).tiles:
        WIDGETS.get(tile.widget).accept(tile.params)


OF_SOURCES = ("data.",)
"""Widgets that tell of sources, not of work: what they show is said beside their titles."""


def test_every_number_on_every_board_has_an_explanation(acme: Context) -> None:
    """Each kind of tile that stands on a board is built once: what it shows names metrics that Explain offers."""
    insights.change(acme, {"zone_map": True, "leaderboards": True, "least_group": 2})
    teams = ",".join(one.id for one in people.teams(acme))
    options = {"compare": {"subjects": teams}, "leaderboard": {"metric": "commits_count"}}
    tiles = {
        tile.widget: tile for name in STANDARD for tile in service.standard(acme, name, **options.get(name, {})).tiles
    }
    lacking = []
    for of_one in (True, False):
        chosen = tuple(tile for tile in tiles.values() if tile.widget.startswith("person.") is of_one)
        scope = replace(BOTH, person_ids=everybody(acme)[:1] if of_one else ())
        board = Board(name="all", title="All", sections=(BoardSection(tiles=chosen),))
        for tile, figure in zip(chosen, service.build(acme, board, scope), strict=True):
            assert not isinstance(figure, Notice), figure.text
            named = {key.partition("@")[0] for one in figure.provenance for key in one.metrics}
            if tile.widget.startswith(OF_SOURCES):
                assert figure.description
            elif figure.state is State.MEASURED:
                wanted = {*tile.params.get("metrics", ()), tile.params.get("metric", next(iter(named), "none"))}
                lacking += [f"{tile.widget}: {key}" for key in wanted if key not in named or key not in METRICS]

    assert lacking == []


def test_an_empty_workspace_builds_too(ctx: Context) -> None:
    figures = service.build(ctx, service.standard(ctx, "overview"), MARCH)

    assert not [figure for figure in figures if isinstance(figure, Notice)]
    assert all(figure.state_text for figure in figures if isinstance(figure, Stat))


def test_a_tile_that_fails_becomes_a_notice_in_its_place(acme: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setitem(WIDGETS._kinds, "data.freshness", replace(WIDGETS.get("data.freshness"), build=broken))
    board = board_of(
        Tile(widget="metric.stat", params={"metric": "commits_count"}),
        Tile(widget="metric.stat", params={"metric": "nothing"}),
        Tile(widget="no.such"),
        Tile(widget="metric.stat", params={"metric": "commits_count", "team": "Red"}),
        Tile(widget="data.freshness"),
    )

    good, metric, widget, team, fault = service.build(acme, board, MARCH)

    assert isinstance(good, Stat) and good.value == 3
    assert isinstance(metric, Notice) and "There is no metric named 'nothing'" in metric.text
    assert isinstance(widget, Notice) and "There is no widget named 'no.such'" in widget.text
    assert isinstance(team, Notice) and "There is no team named 'Red'" in team.text
    assert isinstance(fault, Notice) and fault.level == "error" and "fault of ours" in fault.text


def test_what_tiles_share_is_asked_once(acme: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    rows = MetricsStore.rows

    def counted(store: MetricsStore, sql: str, *given: Any, **more: Any) -> Any:
        asked.append(sql)
        return rows(store, sql, *given, **more)

    keys = ("commits_count", "lines_added", "lines_removed", "net_lines", "avg_commit_size")
    alone = replace(MARCH, compare=None)
    service.build(acme, board_of(Tile(widget="metric.stat", params={"metric": keys[0], "spark": False})), alone)
    monkeypatch.setattr(MetricsStore, "rows", counted)

    wider = replace(alone, period=between(date(2026, 3, 1), date(2026, 3, 9)))
    service.build(
        acme,
        board_of(*(Tile(widget="metric.stat", params={"metric": key, "spark": False}) for key in keys)),
        wider,
    )

    assert len(asked) <= 2


def test_hidden_individuals_stay_hidden_on_every_board(acme: Context, acting: Callable[[str], Context]) -> None:
    hidden = replace(acme, workspace=replace(acme.workspace, individuals="managers"))
    viewer = hidden.as_actor(acting("viewer").actor)

    figures = service.build(viewer, service.standard(viewer, "team"), MARCH)

    text = "".join(figure.model_dump_json() for figure in figures)
    assert "Ann" not in text and "Bob" not in text
    assert any(isinstance(f, Notice) and "does not show individuals" in f.text for f in figures)


def test_who_may_not_view_dashboards_gets_none(acme: Context) -> None:
    nobody = acme.as_actor(Actor("u", "No", "none", frozenset()))

    with pytest.raises(NotAllowed):
        service.standard(nobody, "overview")
    with pytest.raises(NotAllowed):
        service.build(nobody, service.standard(acme, "overview"), MARCH)


def test_an_unknown_board_is_told_with_the_nearest(ctx: Context) -> None:
    with pytest.raises(BadInput, match="Did you mean 'overview'"):
        service.standard(ctx, "overvew")


def board_of(*tiles: Tile) -> Board:
    return Board(name="test", title="Test", sections=(BoardSection(tiles=tiles),))
