"""Boards: the standard ones, and building any of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog

from core.access import looks
from core.base.errors import BadInput, SightlineError, StoreUnreachable, did_you_mean
from core.boards.board import Board, BuiltSection, Tile
from core.boards.standard import COMPONENTS, STANDARD
from core.catalogue.scope import Scope
from core.components import service as components
from core.context import Capability, Context
from core.figures import Figure, Notice
from core.widgets import WIDGETS, Params, Widget
from core.widgets.asking import Question, gathered

log = structlog.get_logger(__name__)


def standard(ctx: Context, name: str, **options: str) -> Board:
    """The board that ships under this name: overview, developer, team, compare, activity, delivery.

    `compare` takes `of=person|team|component|period`, `delivery` the `year` of a DORA report.
    """
    ctx.require(Capability.VIEW_DASHBOARDS)
    if name not in STANDARD:
        raise BadInput(f"There is no board named '{name}'.{did_you_mean(name, STANDARD)}")
    board = STANDARD[name](**options)
    if name == "overview" and components.names(ctx):
        return board.model_copy(update={"sections": (*board.sections[:-1], COMPONENTS, board.sections[-1])})
    return board


def build(ctx: Context, board: Board, scope: Scope) -> list[Figure]:
    """Every tile's figure in reading order; a tile that fails becomes a notice in its place."""
    return [figure for section in build_sections(ctx, board, scope) for figure in section.figures]


def build_sections(ctx: Context, board: Board, scope: Scope) -> list[BuiltSection]:
    """The board's sections with their figures, asking together what several tiles ask.

    A store that is away is no tile's failure but the board's: StoreUnreachable.
    """
    ctx.require(Capability.VIEW_DASHBOARDS)
    ready = {id(tile): _accepted(ctx, tile, scope) for tile in board.tiles}
    asked = [question for one in ready.values() if not isinstance(one, Notice) for question in one.questions]
    with gathered(ctx, asked):
        return [
            BuiltSection(
                title=section.title,
                about=section.about,
                figures=[_placed(_drawn(ctx, ready[id(tile)], scope), tile, board) for tile in section.tiles],
            )
            for section in board.sections
        ]


def looked(ctx: Context, board: Board, scope: Scope) -> None:
    """Note whose numbers the actor sees on a board: the people it is about, or a list of them."""
    people = (
        "workload.shares", "people.leaderboard", "reviews.pairs", "reviews.load", "code.owners",
        "collaboration.network",
    )  # fmt: skip
    listed = any(tile.widget in people for tile in board.tiles) or any(
        "person" in (tile.params.get("by"), tile.params.get("of")) for tile in board.tiles
    )
    if ctx.sees_scope(scope.person_ids, scope.team_ids):
        looks.looked(ctx, scope.person_ids, scope.team_ids, listed=listed and not scope.person_ids)


@dataclass(frozen=True)
class _Ready:
    widget: Widget[Any]
    params: Params
    questions: list[Question]


def _accepted(ctx: Context, tile: Tile, scope: Scope) -> _Ready | Notice:
    try:
        widget = WIDGETS.get(tile.widget)
        params = widget.accept(tile.params)
        return _Ready(widget, params, list(widget.questions(ctx, scope, params)))
    except StoreUnreachable:
        raise
    except SightlineError as error:
        return _notice(tile.params.get("title", ""), error)


def _drawn(ctx: Context, ready: _Ready | Notice, scope: Scope) -> Figure:
    if isinstance(ready, Notice):
        return ready
    try:
        return ready.widget.build(ctx, scope, ready.params)
    except StoreUnreachable:
        raise
    except SightlineError as error:
        return _notice(ready.params.title or ready.widget.title, error)
    except Exception as error:  # one faulty widget must not cost the reader the board
        log.exception("widget_failed", widget=ready.widget.key)
        text = f"This part could not be drawn: a fault of ours ({type(error).__name__}). The log has the details."
        return Notice(title=ready.params.title or ready.widget.title, level="error", text=text)


def _notice(title: str, error: SightlineError) -> Notice:
    level = "warning" if error.fault == "user" else "error"
    return Notice(title=title, level=level, text=error.message)


def _placed(figure: Figure, tile: Tile, board: Board) -> Figure:
    place = next(index for index, one in enumerate(board.tiles) if one is tile)
    return figure.model_copy(update={"columns": tile.columns, "key": f"{board.name}-{place}"})
