"""The board of delivery: how fast, and how safely, changes reach people."""

from __future__ import annotations

from core.boards.board import Board, BoardSection, Tile
from core.catalogue import dora

BESIDE = ("lead_time_p75_hours", "lead_time_p90_hours", "lead_time_unmatched_ratio")
STANDING = ("open_prs_count", "open_pr_age_p50_hours", "stuck_prs_count")
REVIEWS = ("review_top_share", "review_top3_share", "review_reciprocity")


def delivery(year: str = str(dora.NEWEST)) -> Board:
    """`year`: whose DORA report the four metrics are held against."""
    four = tuple(Tile(widget="metric.stat", params={"metric": key, "dora_year": year}, columns=3) for key in dora.KEYS)
    return Board(
        name="delivery",
        title="Delivery",
        about="How fast, and how safely, changes reach people, and what stands in their way.",
        sections=(
            BoardSection(
                title="The four DORA metrics",
                about=f"Bands as the {dora.report_of(year).title} describes them.",
                tiles=four,
            ),
            BoardSection(tiles=(
                *(Tile(widget="metric.trend", params={"metric": key}, columns=3) for key in dora.KEYS),
                *(Tile(widget="metric.stat", params={"metric": key}, columns=2) for key in BESIDE),
            )),
            BoardSection(
                title="Pull requests",
                about="The phases add up: coding, draft, pickup, review and merge wait are the whole way to the merge.",
                tiles=(
                    Tile(widget="pulls.phases", columns=6),
                    Tile(widget="pulls.flow", columns=6),
                ),
            ),
            BoardSection(
                title="Work in progress",
                about="As it stood when the period ended.",
                tiles=(
                    *(Tile(widget="metric.stat", params={"metric": key, "spark": False}, columns=2)
                      for key in STANDING),
                    Tile(widget="pulls.open"),
                ),
            ),
            BoardSection(
                title="Who reviews",
                about="How the load of reviewing is spread, and whether it goes both ways.",
                tiles=(
                    *(Tile(widget="metric.stat", params={"metric": key}, columns=2) for key in REVIEWS),
                    Tile(widget="reviews.pairs"),
                    Tile(widget="reviews.load"),
                ),
            ),
        ),
    )  # fmt: skip
