"""The boards of the section Analytics."""

from __future__ import annotations

from core.base.errors import BadInput
from core.boards.board import Board, BoardSection, Tile
from core.widgets.families.productivity import WORK
from core.widgets.families.together import SHAPE


def collaboration() -> Board:
    """The network's numbers, of all and of each team; the page draws the network itself below them."""
    return Board(
        name="collaboration",
        title="Collaboration",
        about="Who works with whom, and what shape that gives teams.",
        sections=(
            BoardSection(
                tiles=tuple(
                    Tile(widget="metric.stat", params={"metric": key}, columns=2) for key in ("active_people", *SHAPE)
                )
            ),
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


def productivity(grain: str = "auto", by: str = "") -> Board:
    """Commits, pull requests and reviews over time. `grain`: auto, day, week or month; `by`: team for a line each."""
    if grain not in ("auto", "day", "week", "month") or by not in ("", "team"):
        raise BadInput(f"Productivity goes by auto, day, week or month, together or by team; not '{grain}', '{by}'.")
    return Board(
        name=f"productivity-{grain}-{by}",
        title="Productivity",
        about="Commits, pull requests and reviews over time. They tell how much was done, not how much it was worth.",
        sections=(
            BoardSection(tiles=tuple(Tile(widget="metric.stat", params={"metric": key}, columns=3) for key in WORK)),
            BoardSection(
                title="Over time",
                tiles=tuple(
                    Tile(widget="productivity.trend", params={"metric": key, "grain": grain, "by": by}) for key in WORK
                ),
            ),
            BoardSection(
                tiles=(
                    Tile(
                        widget="metric.table",
                        params={"metrics": ("active_people", *WORK), "by": "team", "title": "Team by team"},
                    ),
                )
            ),
        ),
    )


def zones() -> Board:
    """When the people of each zone work, and what zones share; the page draws a map above them."""
    return Board(
        name="zones",
        title="Time zones",
        about="Where and when people work, by time zone, without a name.",
        sections=(
            BoardSection(
                tiles=(
                    Tile(widget="zones.hours"),
                    Tile(widget="zones.overlap"),
                    Tile(widget="zones.list"),
                    Tile(widget="zones.hours", params={"of": "commits"}),
                )
            ),
        ),
    )
