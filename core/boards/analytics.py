"""The boards of the section Analytics."""

from __future__ import annotations

from core.boards.board import Board, BoardSection, Tile
from core.widgets.families.together import SHAPE


def collaboration() -> Board:
    """The network's numbers, of all and of each team; the page draws the network itself below them."""
    return Board(
        name="collaboration",
        title="Collaboration",
        about="Who works with whom, and what shape that gives teams.",
        sections=(
            BoardSection(tiles=tuple(Tile(widget="metric.stat", params={"metric": key}, columns=3) for key in SHAPE)),
            BoardSection(
                tiles=(
                    Tile(
                        widget="metric.table",
                        params={"metrics": ("active_people", *SHAPE), "by": "team", "title": "Team by team"},
                    ),
                )
            ),
        ),
    )
